import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  action,
  BasePermission,
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  type MessageArguments,
  mixins,
  ModelSerializer,
  PatchModelMixin,
  reply,
  RetrieveModelMixin,
  type Scope,
  SerializerMethodField,
  UpdateModelMixin,
  ValidationError,
} from "../../src/index.ts";
import { WebsocketCommunicator } from "../../src/testing.ts";
import type { CommunicatorOptions } from "../../src/testing.ts";
import type { ConsumerClass } from "../../src/index.ts";
import { openShop, type Shop } from "./shop.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("model mixins", async (on) => {
  let shop: Shop;
  const open: WebsocketCommunicator[] = [];

  beforeEach(async () => {
    shop = await openShop(on);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((communicator) => communicator.disconnect()));
    await shop.close();
  });

  async function connect(consumer: ConsumerClass, options: CommunicatorOptions = {}) {
    const communicator = new WebsocketCommunicator(consumer, options);
    expect(await communicator.connect()).toMatchObject({ connected: true });
    open.push(communicator);
    return async (frame: object): Promise<Answer> => {
      communicator.sendJson({ request_id: 1, ...frame });
      return (await communicator.receiveJson()) as Answer;
    };
  }

  interface Answer {
    readonly errors: unknown[];
    readonly data: unknown;
    readonly response_status: number;
  }

  function noteSerializer() {
    return class NoteSerializer extends ModelSerializer(shop.Note, {
      fields: ["id", "title", "slug", "done", "secret"],
      extraKwargs: { secret: { writeOnly: true } },
    }) {};
  }

  function crud() {
    return mixins(
      GenericAsyncAPIConsumer({ queryset: shop.Note.objects.all(), serializerClass: noteSerializer() }),
      ListModelMixin,
      RetrieveModelMixin,
      CreateModelMixin,
      UpdateModelMixin,
      PatchModelMixin,
      DeleteModelMixin,
    );
  }

  const note1 = { id: 1, title: "note 1", slug: "note-1", done: false };

  describe("the model mixins", () => {
    test("answer list, retrieve, create, update, patch and delete with DCRF's statuses", async () => {
      const request = await connect(crud());
      expect(await request({ action: "retrieve", pk: 1 })).toMatchObject({ errors: [], data: note1, response_status: 200 });
      expect((await request({ action: "list" })).data).toHaveLength(6);
      expect(await request({ action: "patch", pk: 1, data: { title: "patched" } })).toMatchObject({
        data: { ...note1, title: "patched" },
        response_status: 200,
      });
      expect(await request({ action: "update", pk: 1, data: { title: "updated", slug: "s", secret: "s" } })).toMatchObject({
        data: { id: 1, title: "updated", slug: "s", done: false },
        response_status: 200,
      });
      expect(await request({ action: "delete", pk: 1 })).toMatchObject({ data: null, response_status: 204 });
      expect(await request({ action: "retrieve", pk: 1 })).toMatchObject({
        errors: ["Not found"],
        data: null,
        response_status: 404,
      });
    });

    test("5.5 a write-only field is in no answer, list or single row", async () => {
      const request = await connect(crud());
      const answers = [
        await request({ action: "list" }),
        await request({ action: "retrieve", pk: 1 }),
        await request({ action: "patch", pk: 1, data: { secret: "changed" } }),
      ];
      expect(JSON.stringify(answers)).not.toMatch(/secret|hidden|changed/);
      expect((await shop.Note.objects.get({ pk: 1 })).secret).toBe("changed");
    });

    test("4.5 a missing argument is answered 400 by its name", async () => {
      const request = await connect(crud());
      const missingPk = [{ pk: ["This field is required."] }];
      expect(await request({ action: "retrieve" })).toMatchObject({ errors: missingPk, response_status: 400 });
      expect(await request({ action: "delete", id: 1 })).toMatchObject({ errors: missingPk, response_status: 400 });
      expect(await request({ action: "patch", pk: 1 })).toMatchObject({
        errors: [{ data: ["This field is required."] }],
        response_status: 400,
      });
      expect(await request({ action: "create" })).toMatchObject({
        errors: [{ data: ["This field is required."] }],
        response_status: 400,
      });
      expect(await shop.Note.objects.count()).toBe(6);
    });

    test("5.3 unknown and read-only keys in data are ignored; data that is null or no object is 400", async () => {
      const request = await connect(crud());
      const data = { id: 99, title: "new", nope: 1 };
      expect(await request({ action: "patch", pk: 1, data })).toMatchObject({
        data: { ...note1, title: "new" },
        response_status: 200,
      });
      const refused: [unknown, string][] = [
        [null, "No data provided"],
        [[], "Invalid data. Expected a dictionary, but got list."],
      ];
      for (const [sent, message] of refused) {
        expect(await request({ action: "create", data: sent })).toMatchObject({
          errors: [{ non_field_errors: [message] }],
          response_status: 400,
        });
      }
    });

    test("4.6 a pk that cannot be a primary key is answered 404 and no row changes", async () => {
      const request = await connect(crud());
      for (const pk of [
        null,
        "",
        "abc",
        "1.0",
        [],
        [1],
        {},
        { $ne: null },
        99,
        -1,
        2 ** 31,
        2 ** 53,
        2n ** 63n - 1n,
        2n ** 63n,
        1e300,
        "1; DROP TABLE note",
      ]) {
        expect(await request({ action: "delete", pk })).toMatchObject({ errors: ["Not found"], response_status: 404 });
      }
      expect(await shop.Note.objects.count()).toBe(6);
    });
  });

  describe("hooks", () => {
    test("getQueryset narrows every action to what the user may see, and another user's pk is 404 with the row unchanged", async () => {
      class OwnNotes extends crud() {
        override async getQueryset(args: MessageArguments) {
          const all = await super.getQueryset(args);
          return all.filter({ ownerId: Number(this.scope.user?.id) });
        }
      }
      const request = await connect(OwnNotes, { user: { id: 1 } });
      expect((await request({ action: "list" })).data).toMatchObject([{ id: 2 }, { id: 4 }, { id: 6 }]);
      for (const frame of [
        { action: "retrieve", pk: 1 },
        { action: "patch", pk: 1, data: { title: "mine" } },
        { action: "update", pk: 1, data: { title: "mine", slug: "mine" } },
        { action: "delete", pk: 1 },
      ]) {
        expect(await request(frame)).toMatchObject({ response_status: 404 });
      }
      expect(await shop.Note.objects.get({ pk: 1 })).toMatchObject(note1);
    });

    test("filterQueryset, getSerializerClass and getSerializerContext see the arguments of the frame", async () => {
      class WithUser extends ModelSerializer(shop.Note, {
        fields: ["id", "user"],
        declaredFields: { user: new SerializerMethodField<string>() },
      }) {
        getUser(): string {
          return String((this.context["scope"] as Scope).user?.id);
        }
      }
      class Consumer extends crud() {
        override filterQueryset(queryset: ReturnType<typeof shop.Note.objects.all>, args: MessageArguments) {
          return args["done"] === undefined ? queryset : queryset.filter({ done: args["done"] === true });
        }
        override getSerializerClass(args: MessageArguments) {
          return args["who"] === true ? WithUser : super.getSerializerClass(args);
        }
      }
      await shop.Note.objects.filter({ pk: 3 }).update({ done: true });
      const request = await connect(Consumer, { user: { id: 7 } });
      expect((await request({ action: "list", done: true })).data).toMatchObject([{ id: 3 }]);
      expect((await request({ action: "list", done: true, who: true })).data).toEqual([{ id: 3, user: "7" }]);
    });

    test("performCreate, performUpdate, performPatch and performDelete can be overridden with super", async () => {
      const calls: string[] = [];
      class Consumer extends crud() {
        override async performCreate(serializer: InstanceType<ReturnType<typeof noteSerializer>>) {
          calls.push("create");
          await serializer.save({ ownerId: 2 });
        }
        override async performUpdate(...args: Parameters<InstanceType<ReturnType<typeof crud>>["performUpdate"]>) {
          calls.push("update");
          await super.performUpdate(...args);
        }
        override async performPatch(...args: Parameters<InstanceType<ReturnType<typeof crud>>["performPatch"]>) {
          calls.push("patch");
          await super.performPatch(...args);
        }
        override async performDelete(...args: Parameters<InstanceType<ReturnType<typeof crud>>["performDelete"]>) {
          if (args[0].id === 1) throw new ValidationError("The first note stays.");
          await super.performDelete(...args);
        }
      }
      const request = await connect(Consumer);
      expect(await request({ action: "create", data: { title: "new", slug: "new" } })).toMatchObject({
        data: { id: 7 },
        response_status: 201,
      });
      expect((await shop.Note.objects.get({ pk: 7 })).ownerId).toBe(2);
      await request({ action: "update", pk: 7, data: { title: "newer", slug: "new" } });
      await request({ action: "patch", pk: 7, data: { title: "newest" } });
      expect(calls).toEqual(["create", "update", "patch"]);
      expect(await request({ action: "delete", pk: 1 })).toMatchObject({
        errors: ["The first note stays."],
        response_status: 400,
      });
      expect(await request({ action: "delete", pk: 7 })).toMatchObject({ data: null, response_status: 204 });
    });

    test("an action overridden in a subclass gets what super answers as values, and what it changes is sent", async () => {
      class Consumer extends crud() {
        override async list(args = {}) {
          const answer = await super.list(args);
          answer.data.splice(1);
          answer.data[0]!.title = "changed";
          return answer;
        }
      }
      const request = await connect(Consumer);
      expect((await request({ action: "list" })).data).toEqual([{ ...note1, title: "changed" }]);
    });

    test("getObject asks hasObjectPermission, and a refusal leaves the row unchanged", async () => {
      class OnlyEven extends BasePermission {
        override hasPermission() {
          return true;
        }
        override async hasObjectPermission(_scope: Scope, _consumer: unknown, action: string, row: { id: number }) {
          return action === "retrieve" || row.id % 2 === 0;
        }
      }
      class Consumer extends crud() {
        override permissionClasses = [OnlyEven];
      }
      const request = await connect(Consumer);
      expect(await request({ action: "retrieve", pk: 1 })).toMatchObject({ response_status: 200 });
      for (const action of ["patch", "update", "delete"]) {
        expect(await request({ action, pk: 1, data: { title: "x", slug: "x" } })).toMatchObject({
          errors: ["You do not have permission to perform this action."],
          response_status: 403,
        });
      }
      expect(await request({ action: "patch", pk: 2, data: { title: "x" } })).toMatchObject({
        data: { title: "x" },
        response_status: 200,
      });
      expect(await shop.Note.objects.get({ pk: 1 })).toMatchObject(note1);
    });

    test("hasObjectPermission hears the action that the client called, whatever the arguments say and however getObject is reached", async () => {
      const asked: string[] = [];
      class OnlyRetrieve extends BasePermission {
        override hasPermission() {
          return true;
        }
        override hasObjectPermission(_scope: Scope, _consumer: unknown, action: string) {
          asked.push(action);
          return action === "retrieve";
        }
      }
      class Rpc extends crud() {
        override permissionClasses = [OnlyRetrieve];
        rename = action({ input: z.object({ pk: z.number() }) }, async ({ pk }) => reply(await this.getObject({ pk })));
        protected override getActionName(content: Record<string, unknown>): readonly [unknown, MessageArguments] {
          return [content["method"], { ...Object(content["params"]) }];
        }
      }
      const request = await connect(Rpc);
      const params = { pk: 1, action: "retrieve", data: { title: "x", slug: "x" } };
      for (const method of ["delete", "patch", "update", "rename"]) {
        expect(await request({ method, params })).toMatchObject({ response_status: 403 });
      }
      expect(await request({ method: "retrieve", params: { pk: 1, action: "delete" } })).toMatchObject({ response_status: 200 });
      expect(asked).toEqual(["delete", "patch", "update", "rename", "retrieve"]);
      expect(await shop.Note.objects.get({ pk: 1 })).toMatchObject(note1);
    });

    test("getSerializer chooses for lists too", async () => {
      class Titles extends ModelSerializer(shop.Note, { fields: ["title"] }) {}
      class Consumer extends crud() {
        override getSerializer(options: Parameters<InstanceType<ReturnType<typeof crud>>["getSerializer"]>[0]) {
          return new Titles({ instance: options.instance as never }) as never;
        }
      }
      const request = await connect(Consumer);
      expect((await request({ action: "retrieve", pk: 1 })).data).toEqual({ title: "note 1" });
      expect((await request({ action: "list" })).data).toEqual([1, 2, 3, 4, 5, 6].map((n) => ({ title: `note ${n}` })));
    });

    test("5.1 lookupField and lookupUrlKwarg name the argument that finds the row", async () => {
      const bySlug = GenericAsyncAPIConsumer({
        queryset: shop.Note.objects.all(),
        serializerClass: noteSerializer(),
        lookupField: "slug",
        lookupUrlKwarg: "note_slug",
      });
      class Consumer extends mixins(bySlug, RetrieveModelMixin) {}
      const request = await connect(Consumer);
      expect(await request({ action: "retrieve", note_slug: "note-1" })).toMatchObject({ data: note1 });
      expect(await request({ action: "retrieve", note_slug: "none" })).toMatchObject({ response_status: 404 });
      expect(await request({ action: "retrieve", note_slug: { contains: "n" } })).toMatchObject({ response_status: 404 });
      expect(await request({ action: "retrieve", pk: 1 })).toMatchObject({
        errors: [{ note_slug: ["This field is required."] }],
        response_status: 400,
      });
    });

    test("a consumer without queryset or serializer answers 500 with an id, and the log says what is missing", async () => {
      const entries: unknown[] = [];
      const logger = { error: (details: object) => void entries.push(details), warn: () => undefined, info: () => undefined };
      class Empty extends mixins(GenericAsyncAPIConsumer({ serializerClass: noteSerializer() }), ListModelMixin) {}
      const request = await connect(Empty, { settings: { logger } });
      const answer = await request({ action: "list" });
      expect(answer).toMatchObject({ data: null, response_status: 500 });
      expect(JSON.stringify(answer)).not.toContain("queryset");
      expect(entries).toMatchObject([
        { error: { code: "improperly_configured", message: expect.stringContaining("needs a queryset") } },
      ]);
    });
  });

  describe("order", () => {
    test("7.2 create, update, patch and delete of one consumer on one connection run in the order they were sent", async () => {
      const communicator = new WebsocketCommunicator(crud());
      await communicator.connect();
      open.push(communicator);
      communicator.sendJson({ action: "patch", request_id: 1, pk: 1, data: { title: "a" } });
      communicator.sendJson({ action: "update", request_id: 2, pk: 1, data: { title: "b", slug: "b" } });
      communicator.sendJson({ action: "patch", request_id: 3, pk: 1, data: { title: "c" } });
      communicator.sendJson({ action: "delete", request_id: 4, pk: 1 });
      communicator.sendJson({ action: "patch", request_id: 5, pk: 1, data: { title: "d" } });
      const answers: Answer[] = [];
      for (let n = 0; n < 5; n += 1) answers.push((await communicator.receiveJson()) as Answer);
      expect(answers.map(({ response_status }) => response_status)).toEqual([200, 200, 200, 204, 404]);
      expect(answers.slice(0, 3).map(({ data }) => (data as { title: string }).title)).toEqual(["a", "b", "c"]);
    });
  });
});
