import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";
import { LiveHub } from "../../src/observers/live-hub.ts";
import { services } from "../services.ts";
import { Gate } from "../transports/sessions.ts";
import { FoldedList } from "./fold-list.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive } from "./live-client.ts";

/** Connections that the lab's database may have. */
const CONNECTIONS = 5;
/** Entries that one read of the log gives. */
const PAGE = 1000;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describeOnPostgres("when connections to the database are scarce", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
  });
  afterEach(() => lab.close());

  async function connectWriter(): Promise<pg.Client> {
    const [row] = await lab.db.execute<{ schema: string }>(sql`SELECT current_schema() AS schema`);
    const writer = new pg.Client({ connectionString: services.postgres.address, options: `-c search_path=${row?.schema}` });
    await writer.connect();
    onTestFinished(() => writer.end());
    return writer;
  }

  /** Takes a connection of the pool. @returns a function that gives it back. */
  async function takeConnection(): Promise<() => Promise<void>> {
    const [taken, free] = [new Gate(), new Gate()];
    const holding = lab.db.snapshot(async () => {
      await lab.db.changes.position();
      taken.open();
      await free.opened;
    });
    await taken.opened;
    return async () => {
      free.open();
      await holding;
    };
  }

  /** Resolves when somebody has asked for a snapshot. */
  function snapshotAsked(): Promise<void> {
    const asked = new Gate();
    const { snapshot } = lab.db;
    lab.db.snapshot = function (this: typeof lab.db, work) {
      lab.db.snapshot = snapshot;
      const result = snapshot.call(this, work) as ReturnType<typeof work>;
      asked.open();
      return result;
    };
    return asked.opened;
  }

  test("10.6 a row is placed among what the snapshot has seen, also when the log gives that on a later page", async () => {
    const inside = new Barrier();
    class Consumer extends lab.TaskConsumer {
      override async serializeMany(...given: Parameters<InstanceType<Lab["TaskConsumer"]>["serializeMany"]>) {
        const rows = await super.serializeMany(...given);
        await inside.pass();
        return rows;
      }
    }
    await lab.Task.objects.bulkCreate([1, 2, 3, 4, 5].map((priority) => ({ title: `${priority}`, priority })));
    const client = await connectLive(lab, Consumer);
    const subscription = { action: "subscribe_list", ordering: "priority" };
    await client.ask({ ...subscription, request_id: "first" });
    const [slow, quick] = [await connectWriter(), await connectWriter()];
    const taken: (() => Promise<void>)[] = [];
    for (let n = 0; n < CONNECTIONS; n += 1) taken.push(await takeConnection());
    inside.shut();
    const asked = snapshotAsked();
    const answer = client.ask({ ...subscription, request_id: "a" });
    await asked;

    await slow.query("BEGIN");
    await slow.query("INSERT INTO task (title, priority, done, secret) VALUES ('9', 9, false, '')");
    await quick.query(`INSERT INTO fence (n) SELECT 0 FROM generate_series(1, ${PAGE})`);
    await quick.query("DELETE FROM task WHERE priority = 1");
    // Now the snapshot is taken, before the insert commits, and the log is read after it.
    await taken.pop()?.();
    await inside.reached;
    await slow.query("COMMIT");
    inside.open();
    for (const giveBack of taken) await giveBack();

    const { data } = await answer;
    await client.fence();
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.rows).toEqual(await client.list({ ordering: "priority" }));
    expect(list.rows).toHaveLength(5);
  });

  test("snapshots that hold all connections do not wait for a log that needs one to be followed again", async () => {
    const client = await connectLive(lab);
    const asked = new Gate();
    const held: Promise<unknown>[] = [];
    for (let n = 0; n < CONNECTIONS; n += 1) {
      const begun = new Gate();
      const position = lab.db.snapshot(async () => {
        await lab.db.changes.position();
        begun.open();
        await asked.opened;
        return lab.db.changes.position();
      });
      held.push(position);
      await begun.opened;
    }
    await client.communicator.disconnect();
    const next = connectLive(lab);
    while (LiveHub.of(lab.db).size === 0) await nextTurn();
    asked.open();
    await expect(Promise.all(held)).resolves.toHaveLength(CONNECTIONS);
    await (await next).fence();
  });

  test("nothing is read for clients that have gone while they waited for a connection", async () => {
    const read: string[] = [];
    class Consumer extends lab.TaskConsumer {
      override serializeMany(...given: Parameters<InstanceType<Lab["TaskConsumer"]>["serializeMany"]>) {
        read.push(String(given[2]["ordering"]));
        return super.serializeMany(...given);
      }
    }
    const stays = await connectLive(lab, Consumer);
    await stays.ask({ action: "subscribe_list", ordering: "title", request_id: "first" });
    const { size } = LiveHub.of(lab.db);
    const gone = await connectLive(lab, Consumer);
    const taken: (() => Promise<void>)[] = [];
    for (let n = 0; n < CONNECTIONS; n += 1) taken.push(await takeConnection());
    const asked = snapshotAsked();
    const lost = gone.ask({ action: "subscribe_list", ordering: "priority", request_id: "a" });
    lost.catch(() => undefined);
    await asked;
    const left = gone.communicator.disconnect();
    for (const giveBack of taken) await giveBack();
    await left;
    expect(read).toEqual(["title"]);
    expect(LiveHub.of(lab.db).size).toBe(size);
  });
});
