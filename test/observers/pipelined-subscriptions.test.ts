import { afterEach, beforeEach, expect, test } from "vitest";
import { AsyncAPIConsumer, type MessageArguments } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { Gate } from "../transports/sessions.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive } from "./live-client.ts";

describeOnDatabases("subscriptions that are sent without waiting", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
    await lab.Task.objects.bulkCreate(Array.from({ length: 6 }, () => ({ title: "old" })));
  });
  afterEach(() => lab.close());

  /** A client whose subscriptions are held up once the barrier is shut. */
  async function heldClient() {
    const barrier = new Barrier();
    class Held extends lab.TaskConsumer {
      override async getQueryset(args: MessageArguments) {
        if (args["action"] === "subscribe_instance") await barrier.pass();
        return super.getQueryset(args);
      }
    }
    return { barrier, client: await connectLive(lab, Held) };
  }

  test("7.2 subscribe_instance hears of a write that was sent behind it", async () => {
    const { barrier, client } = await heldClient();
    barrier.shut();
    const subscribed = client.ask({ action: "subscribe_instance", request_id: "s", pk: 1 });
    await barrier.reached;
    const patched = client.ask({ action: "patch", pk: 1, data: { title: "new" } });
    expect(await client.list({ filters: { title: "new" } })).toEqual([]);
    barrier.open();
    expect(await Promise.all([subscribed, patched])).toMatchObject([{ response_status: 201 }, { response_status: 200 }]);
    await client.fence();
    expect(client.told("s")).toEqual(["update 1"]);
  });

  test("7.2 unsubscribe_instance ends what was subscribed to right before it", async () => {
    const { barrier, client } = await heldClient();
    barrier.shut();
    const subscribed = client.ask({ action: "subscribe_instance", request_id: "s", pk: 1 });
    await barrier.reached;
    const unsubscribed = client.ask({ action: "unsubscribe_instance", request_id: "s", pk: 1 });
    await client.list();
    barrier.open();
    expect(await Promise.all([subscribed, unsubscribed])).toMatchObject([{ response_status: 201 }, { response_status: 204 }]);
    await lab.Task.objects.filter({ id: 1 }).update({ title: "new" });
    await client.fence();
    expect(client.told("s")).toEqual([]);
  });

  test("4.7 requests that subscribe do not count as requests under way, but have the cap of subscriptions", async () => {
    const gate = new Gate();
    class Held extends lab.TaskConsumer {
      override async getQueryset(args: MessageArguments) {
        await gate.opened;
        return super.getQueryset(args);
      }
    }
    const client = await connectLive(lab, Held, { settings: { maxInFlight: 1, maxSubscriptions: 4 } });
    const actions = ["subscribe_instance", "subscribe_list", "subscribe_count", "subscribe_instance", "subscribe_instance"];
    const asked = actions.map((action, index) => client.ask({ action, pk: index + 1 }));
    expect(await asked[4]).toMatchObject({
      errors: ["Expected at most 4 subscriptions of one consumer on one connection."],
      response_status: 429,
    });
    const listed = [client.ask({ action: "list" }), client.ask({ action: "list" })];
    expect(await listed[1]).toMatchObject({ action: "list", response_status: 429 });
    gate.open();
    const statuses = await Promise.all([...asked, ...listed].map(async (answer) => (await answer).response_status));
    expect(statuses).toEqual([201, 201, 201, 201, 429, 200, 429]);
  });

  test("4.7 what a frame of another layout calls its action does not make it a subscription", async () => {
    const gate = new Gate();
    class Named extends lab.TaskConsumer {
      protected override getActionName(content: Record<string, unknown>): readonly [unknown, MessageArguments] {
        return [content["method"], content];
      }
      override async getQueryset(args: MessageArguments) {
        await gate.opened;
        return super.getQueryset(args);
      }
    }
    const client = await connectLive(lab, { tasks: Named }, { settings: { maxInFlight: 1, maxSubscriptions: 4 } });
    const asked = [1, 2].map((request_id) => client.ask({ action: "subscribe_list", method: "subscribe_list", request_id }));
    expect(await asked[1]).toMatchObject({ response_status: 429 });
    gate.open();
    expect(await asked[0]).toMatchObject({ response_status: 201 });
  });

  test("8.5 as many subscriptions as there may be wait for a stream that is still connecting", async () => {
    const gate = new Gate();
    class Late extends lab.TaskConsumer {
      override async connect(): Promise<void> {
        await gate.opened;
      }
    }
    class Early extends AsyncAPIConsumer {}
    const client = await connectLive(lab, { tasks: Late, early: Early }, { settings: { maxInFlight: 1, maxSubscriptions: 6 } });
    const asked = [1, 2, 3, 4, 5, 6].map((pk) => client.ask({ action: "subscribe_instance", pk }));
    gate.open();
    const statuses = await Promise.all(asked.map(async (answer) => (await answer).response_status));
    expect(statuses).toEqual(Array(6).fill(201));
  });
});
