import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import { ValidationError } from "../../src/protocol/exceptions.ts";
import { connected, failure, success } from "./connected.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("atomic actions", async (on) => {
  const { table, id, text } = on.builder;
  const notes = table("note", { id: id(), title: text().notNull().unique() });
  const { db, create, close } = await on.open();
  await create([notes]);
  const Note = db.model(notes);

  afterAll(close);

  beforeEach(async () => {
    await Note.objects.all().delete();
  });

  const titles = async () => (await Note.objects.orderBy("id").toArray()).map((note) => note.title);

  async function* writesInPieces() {
    await Note.objects.create({ title: "piece" });
    yield 1;
  }

  class NoteConsumer extends AsyncAPIConsumer {
    misreported = action({ atomic: db, output: z.number() }, async () => {
      await Note.objects.create({ title: "misreported" });
      return "no number" as never;
    });
    passedOn = action({ atomic: db }, () => writesInPieces());

    addTwo = action({ atomic: db }, async () => {
      await Note.objects.create({ title: "one" });
      await Note.objects.create({ title: "two" });
      return reply("added", 201);
    });
    decline = action({ atomic: db }, async () => {
      await Note.objects.create({ title: "declined" });
      throw new ValidationError({ title: ["Not this one."] });
    });
    crash = action({ atomic: db }, async () => {
      await Note.objects.create({ title: "crashed" });
      throw new TypeError("crash");
    });
    twice = action({ atomic: db }, async () => {
      await Note.objects.create({ title: "same" });
      await Note.objects.create({ title: "same" });
    });
    declineAfterInner = action({ atomic: db }, async () => {
      await db.atomic(() => Note.objects.create({ title: "inner" }));
      throw new ValidationError("no");
    });
    keepOuter = action({ atomic: db }, async () => {
      await Note.objects.create({ title: "outer" });
      await this.crash({}).catch(() => null);
      return reply("kept");
    });
    loose = action(async () => {
      await Note.objects.create({ title: "loose" });
      throw new ValidationError("too late");
    });
  }

  describe("atomic actions", () => {
    it("commit when they return", async () => {
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "add_two", request_id: 1 })).toEqual(success("add_two", 1, "added", 201));
      expect(await titles()).toEqual(["one", "two"]);
    });

    it("are rolled back whole on every error: one meant for the client, a crash, a broken constraint", async () => {
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "decline", request_id: 1 })).toEqual(
        failure("decline", 1, 400, { title: ["Not this one."] }),
      );
      expect(await connection.ask({ action: "crash", request_id: 2 })).toMatchObject({ response_status: 500 });
      expect(await connection.ask({ action: "twice", request_id: 3 })).toMatchObject({ data: null, request_id: 3 });
      expect(await titles()).toEqual([]);
    });

    it("roll back what an inner transaction committed", async () => {
      const connection = await connected(NoteConsumer);
      await connection.ask({ action: "decline_after_inner", request_id: 1 });
      expect(await titles()).toEqual([]);
    });

    it("nest: a failing inner one takes back its own writes only", async () => {
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "keep_outer", request_id: 1 })).toEqual(success("keep_outer", 1, "kept"));
      expect(await titles()).toEqual(["outer"]);
    });

    it("leave what other requests write at the same time alone", async () => {
      const connection = await connected(NoteConsumer);
      for (const [index, name] of ["crash", "add_two", "decline"].entries()) connection.send({ action: name, request_id: index });
      for (let n = 0; n < 3; n += 1) await connection.receive();
      expect(await titles()).toEqual(["one", "two"]);
    });

    it("are the only ones that are rolled back", async () => {
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "loose", request_id: 1 })).toEqual(failure("loose", 1, 400, "too late"));
      expect(await titles()).toEqual(["loose"]);
    });
  });

  describe("an atomic action", () => {
    it("whose answer its output schema refuses leaves nothing behind", async () => {
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "misreported", request_id: 1 })).toMatchObject({ response_status: 500 });
      expect(await titles()).toEqual([]);
    });

    it("cannot be a stream: refused where it is declared, or 500 with nothing written when a function returns one", async () => {
      expect(() => action({ atomic: db }, async function* () {})).toThrow(/streaming action cannot be atomic/);
      const connection = await connected(NoteConsumer);
      expect(await connection.ask({ action: "passed_on", request_id: 1 })).toMatchObject({ response_status: 500 });
      expect(await titles()).toEqual([]);
    });
  });
});
