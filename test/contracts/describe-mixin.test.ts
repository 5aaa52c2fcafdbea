import { expect, test } from "vitest";
import { z } from "zod";
import { type ConsumerDescription, DescribeMixin } from "../../src/contracts.ts";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  CreateModelMixin,
  type Field,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ModelSerializer,
  OrderingFilter,
  type Scope,
} from "../../src/index.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { openBlogDatabase } from "../security/blog-database.ts";
import { connect, onCleanup, startServer } from "../transports/test-server.ts";

const RIGHTS: Readonly<Record<string, readonly string[]>> = { ann: ["list", "create", "rename"], bob: ["list"] };

class MayCall extends BasePermission {
  override hasPermission(scope: Scope, _consumer: unknown, name: string): boolean {
    return RIGHTS[String(scope.user?.id)]?.includes(name) ?? false;
  }
}

async function server(consumer: Parameters<typeof startServer>[0]) {
  return startServer(consumer, {
    authenticate: ({ cookies }) => (cookies["name"] === undefined ? null : { user: { id: cookies["name"] } }),
  });
}

async function described(running: { readonly url: string }, name?: string): Promise<ConsumerDescription> {
  const client = await connect(running, name === undefined ? {} : { headers: { cookie: `name=${name}` } });
  client.sendJson({ action: "describe", request_id: 1 });
  const answer = Object(await client.receiveJson());
  expect(answer).toMatchObject({ errors: [], action: "describe", response_status: 200, request_id: 1 });
  return answer.data;
}

const namesOf = ({ actions }: ConsumerDescription) => actions.map(({ name }) => name).toSorted();

async function blogUsers() {
  const { User, close } = await openBlogDatabase(sqliteFile);
  onCleanup(close);
  class UserSerializer extends ModelSerializer(User, {
    fields: ["id", "username", "email", "password"],
    extraKwargs: { password: { writeOnly: true } },
  }) {
    override getFields() {
      const fields: Record<string, Field> = super.getFields();
      if (Object(this.context["scope"]).user?.id !== "ann") delete fields["email"];
      return fields;
    }
  }
  return class UserConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: User.objects.all(),
      serializerClass: UserSerializer,
      permissionClasses: [MayCall],
      filterBackends: [FilterSetBackend, OrderingFilter],
      filterSetClass: FilterSet(User, { fields: { email: ["exact"], username: ["exact"] } }),
    }),
    ListModelMixin,
    CreateModelMixin,
    DescribeMixin,
  ) {
    rename = action({ input: z.object({ username: z.string() }) }, () => null);
  };
}

test("5.9 describe answers what the user may call, and nothing of what he may not", async () => {
  const running = await server(await blogUsers());
  const ann = await described(running, "ann");
  expect(namesOf(ann)).toEqual(["create", "describe", "list", "rename", "settle"]);
  expect(ann.actions.find(({ name }) => name === "create")).toMatchObject({
    input: { properties: { data: { $ref: "#/schemas/UserInput" } } },
    output: { $ref: "#/schemas/User" },
  });
  const bob = await described(running, "bob");
  expect(namesOf(bob)).toEqual(["describe", "list", "settle"]);
  expect(JSON.stringify(bob)).not.toMatch(/rename|create|password|MayCall/);
  expect(namesOf(await described(running))).toEqual(["describe", "settle"]);
});

test("5.10 it shows a user the fields, filters and orders that he gets", async () => {
  const running = await server(await blogUsers());
  expect(JSON.stringify(await described(running, "ann"))).toContain("email");
  const bob = await described(running, "bob");
  expect(JSON.stringify(bob)).not.toContain("email");
  expect(bob.actions.find(({ name }) => name === "list")?.input).toMatchObject({
    properties: {
      filters: { properties: { username: { type: "string" } } },
      ordering: { anyOf: [{ enum: ["id", "-id", "username", "-username"] }, {}] },
    },
  });
});

test("5.9 it is an action of consumers that ask for it, and of no other", async () => {
  class PlainConsumer extends AsyncAPIConsumer {}
  class ToldConsumer extends mixins(AsyncAPIConsumer, DescribeMixin) {}
  const client = await connect(await server(PlainConsumer));
  client.sendJson({ action: "describe", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ response_status: 405 });
  expect(namesOf(await described(await server(ToldConsumer)))).toEqual(["cancel", "describe", "settle"]);
});

test("5.9 a resource without a serializer has its own actions described", async () => {
  class BareConsumer extends mixins(GenericAsyncAPIConsumer({}), DescribeMixin) {
    ping = action(() => "pong");
  }
  expect(namesOf(await described(await server(BareConsumer)))).toEqual(["cancel", "describe", "ping", "settle"]);
});

test("5.9 a permission that breaks is a fault of the server, not a leave to call", async () => {
  class Broken extends BasePermission {
    override hasPermission(): boolean {
      throw new TypeError("broken");
    }
  }
  class BrokenConsumer extends mixins(AsyncAPIConsumer, DescribeMixin) {
    override permissionClasses = [Broken];
  }
  const quiet = { error: () => {}, warn: () => {}, info: () => {} };
  const client = await connect(await startServer(BrokenConsumer, { logger: quiet }));
  client.sendJson({ action: "describe", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ data: null, response_status: 500 });
});
