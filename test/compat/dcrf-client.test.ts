import type { DCRFClient } from "dcrf-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { connectDcrf, type DcrfOptions, framesFor, hear, withoutStream } from "./connect-dcrf.ts";
import { openPeople, type People } from "./people.ts";
import { CompatServer } from "./server.ts";

const ways = [
  { way: "through the multiplexer", path: "/ws/", options: {} },
  { way: "alone, with its serializer option", path: "/people/", options: { serializer: withoutStream("people") } },
] as const;

const alex = { id: 1, name: "Alex", address: "" };

describeOnDatabases("dcrf-client 0.3.0, unchanged,", (on) => {
  let people: People;
  let server: CompatServer;
  const clients: DCRFClient[] = [];

  beforeAll(async () => {
    people = await openPeople(on);
    server = await CompatServer.start(people.routes);
  });
  beforeEach(async () => {
    await people.empty();
    await people.Person.objects.create({ name: "Alex" });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await server.close();
    await people.close();
  });

  function connect(path: string, options: DcrfOptions = {}): DCRFClient {
    const client = connectDcrf(`ws://${server.host}${path}`, options);
    clients.push(client);
    return client;
  }

  describe.each(ways)("$way", ({ path, options }) => {
    test("creates, lists, retrieves, updates, patches and deletes", async () => {
      const client = connect(path, options);
      expect(await client.create("people", { name: "Sam", address: "1 Main St" })).toEqual({
        id: 2,
        name: "Sam",
        address: "1 Main St",
      });
      expect(await client.list("people")).toEqual([alex, { id: 2, name: "Sam", address: "1 Main St" }]);
      expect(await client.retrieve("people", 2)).toEqual({ id: 2, name: "Sam", address: "1 Main St" });
      expect(await client.update("people", 2, { name: "Jo", address: "2 Main St" })).toEqual({
        id: 2,
        name: "Jo",
        address: "2 Main St",
      });
      expect(await client.patch("people", 2, { name: "Jefe" })).toEqual({ id: 2, name: "Jefe", address: "2 Main St" });
      expect(await client.delete("people", 2)).toBeNull();
      expect(await client.list("people")).toEqual([alex]);
    });

    test("hears every update of a row and its delete, by whomever", async () => {
      const [client, other] = [connect(path, options), connect(path, options)];
      const { answer, heard } = await hear(client, "people", 1);
      expect(answer).toBeNull();
      await client.patch("people", 1, { name: "Jefe" });
      expect(await heard.next()).toEqual({ action: "update", data: { ...alex, name: "Jefe" } });
      await other.update("people", 1, { name: "Jo", address: "1 Main St" });
      expect(await heard.next()).toEqual({ action: "update", data: { id: 1, name: "Jo", address: "1 Main St" } });
      await people.Person.objects.filter({ id: 1 }).update({ address: "2 Main St" });
      expect(await heard.next()).toEqual({ action: "update", data: { id: 1, name: "Jo", address: "2 Main St" } });
      await other.delete("people", 1);
      expect(await heard.next()).toEqual({ action: "delete", data: { id: 1 } });
      expect(heard.takeRest()).toEqual([]);
    });

    test("gets the key of a deleted row as pk", async () => {
      const client = connect(path, { ...options, ensurePkFieldInDeleteEvents: false });
      const { heard } = await hear(client, "people", 1);
      await people.Person.objects.filter({ id: 1 }).delete();
      expect(await heard.next()).toEqual({ action: "delete", data: { pk: 1 } });
    });

    test("hears of each row by its own subscription, and nothing once it has cancelled", async () => {
      const client = connect(path, options);
      await client.create("people", { name: "Sam" });
      const [first, again, second] = [
        await hear(client, "people", 1),
        await hear(client, "people", 1),
        await hear(client, "people", 2),
      ];
      expect(first.subscription.cancel()).toBe(true);
      await client.patch("people", 1, { name: "Jefe" });
      expect(await again.heard.next()).toEqual({ action: "update", data: { ...alex, name: "Jefe" } });
      await client.patch("people", 2, { name: "Jo" });
      expect(await second.heard.next()).toEqual({ action: "update", data: { id: 2, name: "Jo", address: "" } });
      expect([first, again, second].flatMap(({ heard }) => heard.takeRest())).toEqual([]);
    });

    test("hears creates, updates and deletes by custom actions, until the one that unsubscribes", async () => {
      const client = connect(path, options);
      const [ending, staying] = [framesFor(client, "people", "ending"), framesFor(client, "people", "staying")];
      const event = (action: string, request_id: string) =>
        expect.objectContaining({ action, data: { pk: 2 }, errors: [], response_status: 200, request_id });
      for (const requestId of ["ending", "staying"]) {
        expect(await client.request("people", { action: "subscribe_to_activity" }, requestId)).toBeNull();
      }
      expect([await ending.next(), await staying.next()]).toMatchObject([{ response_status: 201 }, { response_status: 201 }]);
      await client.create("people", { name: "Sam" });
      await client.patch("people", 2, { name: "Jo" });
      for (const action of ["create", "update"]) {
        expect(await ending.next()).toEqual(event(action, "ending"));
        expect(await staying.next()).toEqual(event(action, "staying"));
      }
      expect(await client.request("people", { action: "unsubscribe_from_activity" }, "ending")).toBeNull();
      await client.delete("people", 2);
      expect(await staying.next()).toEqual(event("delete", "staying"));
      expect(ending.takeRest()).toMatchObject([{ action: "unsubscribe_from_activity", response_status: 204 }]);
      expect(staying.takeRest()).toEqual([]);
    });

    test("hears whole rows from a handler that replies to each subscribing request", async () => {
      const client = connect(path, options);
      const rows = framesFor(client, "people", "rows");
      await client.request("people", { action: "subscribe_to_rows" }, "rows");
      await rows.next();
      await client.create("people", { name: "Sam" });
      expect(await rows.next()).toEqual({
        errors: [],
        data: { id: 2, name: "Sam", address: "" },
        action: "create",
        response_status: 200,
        request_id: "rows",
      });
    });

    test("has its promise rejected with the whole answer when that is an error, and goes on", async () => {
      const client = connect(path, options);
      const refusal = (action: string, response_status: number, errors: readonly unknown[]) => ({
        errors,
        data: null,
        action,
        response_status,
        request_id: "r",
      });
      const blank = [{ name: ["This field may not be blank."] }];
      const missing = [{ name: ["This field is required."] }];
      await expect(client.create("people", { name: "" }, "r")).rejects.toEqual(refusal("create", 400, blank));
      await expect(client.update("people", 1, {}, "r")).rejects.toEqual(refusal("update", 400, missing));
      await expect(client.retrieve("people", 9, {}, "r")).rejects.toEqual(refusal("retrieve", 404, ["Not found"]));
      await expect(client.patch("people", 9, {}, "r")).rejects.toEqual(refusal("patch", 404, ["Not found"]));
      await expect(client.delete("people", 9, {}, "r")).rejects.toEqual(refusal("delete", 404, ["Not found"]));
      await expect(client.subscribe("people", 9, () => {}, "r")).rejects.toEqual(
        refusal("subscribe_instance", 404, ["Not found"]),
      );
      await expect(client.request("people", { action: "fly" }, "r")).rejects.toEqual(
        refusal("fly", 405, ['Method "fly" not allowed.']),
      );
      expect(await client.retrieve("people", 1)).toEqual(alex);
    });

    test("whose connection was cut comes back, subscribes again by itself and hears on", async () => {
      const client = connect(path, options);
      const row = await hear(client, "people", 1);
      const custom = connect(path, {
        ...options,
        pkField: "pk",
        buildSubscribePayload: (_pk, request_id) => ({ action: "subscribe_to_activity", request_id }),
      });
      const activity = await hear(custom, "people", 1);
      const again = [whenAnswered(client, "subscribe_instance"), whenAnswered(custom, "subscribe_to_activity")];
      server.cutConnections();
      expect(await Promise.all(again)).toMatchObject([{ response_status: 201 }, { response_status: 201 }]);
      await client.patch("people", 1, { name: "Jefe" });
      expect(await row.heard.next()).toEqual({ action: "update", data: { ...alex, name: "Jefe" } });
      expect(await activity.heard.next()).toEqual({ action: "update", data: { pk: 1 } });
      expect([row, activity].flatMap(({ heard }) => heard.takeRest())).toEqual([]);
    });

    test("outlives a restart of the server; its subscriptions hear of what it asked for meanwhile", async () => {
      const client = connect(path, options);
      const { heard } = await hear(client, "people", 1);
      const activity = framesFor(client, "people", "activity");
      const custom = { action: "subscribe_to_activity", request_id: "activity" };
      const asked: Promise<unknown>[] = [];
      await server.restart(async () => {
        await people.Person.objects.filter({ id: 1 }).update({ address: "1 Main St" });
        asked.push(client.request("people", custom, "activity"), client.patch("people", 1, { name: "Jefe" }));
      });
      const jefe = { id: 1, name: "Jefe", address: "1 Main St" };
      expect(await Promise.all(asked)).toEqual([null, jefe]);
      expect(await heard.next()).toEqual({ action: "update", data: jefe });
      expect(await activity.next()).toMatchObject({ action: "subscribe_to_activity", response_status: 201 });
      expect(await activity.next()).toMatchObject({ action: "update", data: { pk: 1 } });
      expect(heard.takeRest()).toEqual([]);
    });

    test("hears of what it writes right behind a subscription, without waiting for its answer", async () => {
      const client = connect(path, options);
      const hearing = hear(client, "people", 1);
      await client.patch("people", 1, { name: "Jefe" });
      const { heard } = await hearing;
      expect(await heard.next()).toEqual({ action: "update", data: { ...alex, name: "Jefe" } });
    });

    test("gets back more subscriptions than requests may be under way", async () => {
      await people.Person.objects.bulkCreate(Array.from({ length: 149 }, () => ({ name: "Sam" })));
      const client = connect(path, options);
      const rows = await Promise.all(Array.from({ length: 150 }, (_each, index) => hear(client, "people", index + 1)));
      const again = new Promise<void>((resolve) => {
        let left = rows.length;
        client.dispatcher.listen({ payload: { action: "subscribe_instance" } }, () => (left -= 1) === 0 && resolve());
      });
      server.cutConnections();
      await again;
      await people.Person.objects.update({ name: "Jefe" });
      for (const { heard } of rows) expect(await heard.next()).toMatchObject({ action: "update", data: { name: "Jefe" } });
    });
  });

  test("needs no pkField where the serializer calls the key pk", async () => {
    const client = connect("/ws/", { pkField: "pk" });
    expect(await client.retrieve("keyed", 1)).toEqual({ pk: 1, name: "Alex" });
    const { heard } = await hear(client, "keyed", 1);
    await client.patch("people", 1, { name: "Jefe" });
    expect(await heard.next()).toEqual({ action: "update", data: { pk: 1, name: "Jefe" } });
    await client.delete("people", 1);
    expect(await heard.next()).toEqual({ action: "delete", data: { pk: 1 } });
  });

  test("has its promise rejected with 404 for a stream that does not exist, and goes on", async () => {
    const client = connect("/ws/");
    await expect(client.list("nowhere")).rejects.toMatchObject({ response_status: 404 });
    expect(await client.list("people")).toEqual([alex]);
  });
});

/** The next answer to an action, whatever asked for it. */
function whenAnswered(client: DCRFClient, action: string): Promise<unknown> {
  return new Promise((resolve) => {
    client.dispatcher.once({ payload: { action } }, ({ payload }: { readonly payload: unknown }) => resolve(payload));
  });
}
