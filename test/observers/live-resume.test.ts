import { afterEach, beforeEach, expect, test } from "vitest";
import { BasePermission, type ConsumerClass, type Scope } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { FoldedList } from "./fold-list.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, type Frame, type LiveClient } from "./live-client.ts";

/** PostgreSQL's positions also tell of transactions of others on the same server, which come and go. */
function withoutPosition({ position, ...frame }: Frame): object {
  return { ...frame, isPlaced: typeof position === "string" };
}

describeOnDatabases("resumed subscriptions", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
    await lab.Task.objects.bulkCreate([1, 2, 3, 4, 5].map((n) => ({ title: `task ${n}`, priority: n, ownerId: 1 })));
  });
  afterEach(() => lab.close());

  type Request = { readonly action: string; readonly request_id: string; readonly [name: string]: unknown };

  /** Subscribes and goes away. */
  async function begun(consumer: ConsumerClass, request: Request, user: { id: number } | null = null): Promise<Frame> {
    const client = await connectLive(lab, consumer, { user });
    const answer = await client.ask(request);
    expect(answer).toMatchObject({ response_status: 201, position: expect.any(String) });
    await client.communicator.disconnect();
    return answer;
  }

  async function resumed(
    consumer: ConsumerClass,
    request: Request,
    since: unknown,
    user: { id: number } | null = null,
  ): Promise<{ readonly client: LiveClient; readonly answer: Frame }> {
    const client = await connectLive(lab, consumer, { user });
    const answer = await client.ask({ ...request, since });
    await client.fence();
    return { client, answer };
  }

  async function changeALot(): Promise<void> {
    await lab.Task.objects.filter({ id: 1 }).update({ title: "one" });
    await lab.db.atomic(async () => {
      await lab.Task.objects.filter({ id: 2 }).delete();
      await lab.Task.objects.create({ title: "six", priority: 0 });
      await lab.Task.objects.create({ title: "gone" });
      await lab.Task.objects.filter({ title: "gone" }).delete();
    });
    await lab.Task.objects.filter({ id__in: [3, 4] }).update({ priority: 9 });
    await lab.Task.objects.filter({ id: 6 }).update({ priority: 4 });
  }

  for (const [title, make, args] of [
    ["lists", () => lab.TaskConsumer, {}],
    ["filtered lists", () => lab.TaskConsumer, { filters: { priority__lt: 5 } }],
    ["ordered lists", () => lab.TaskConsumer, { ordering: "-priority" }],
    ["windows", () => lab.Windowed, { ordering: "priority", limit: 2, offset: 1 }],
    ["numbered pages", () => lab.Numbered, { page: 1, page_size: 3, ordering: "id" }],
  ] as const) {
    test(`10.10 of ${title} get exactly what they missed, one transaction after another`, async () => {
      const request = { ...args, action: "subscribe_list", request_id: "a" };
      const before = await begun(make(), request);
      await changeALot();
      const { client, answer } = await resumed(make(), request, before.position);
      expect(answer).toMatchObject({ data: null, reset: false, response_status: 201 });
      const list = new FoldedList(before.data);
      list.apply(client.events("a"));
      expect("ordering" in args ? list.rows : list.sorted).toEqual(await client.list({ ordering: "id", ...args }));
      const positions = client.events("a").map(({ position }) => position);
      expect(positions.length).toBeGreaterThan(2);
      // From each position on, what follows it is told and nothing else.
      for (const [index, position] of positions.entries()) {
        // With a part of a transaction a client stands nowhere.
        if (position === null) continue;
        const again = await resumed(make(), request, position);
        const rest = client.events("a").slice(positions.lastIndexOf(position) + 1);
        expect(again.answer, String(index)).toMatchObject({ data: null, reset: false });
        expect(again.client.events("a").map(withoutPosition)).toEqual(rest.map(withoutPosition));
        expect(again.answer.position).toBe(position);
      }
      await lab.Task.objects.create({ title: "later", priority: 1 });
      await client.fence();
      list.apply(client.events("a").slice(positions.length));
      expect("ordering" in args ? list.rows : list.sorted).toEqual(await client.list({ ordering: "id", ...args }));
    });
  }

  test("10.10 of one row get its changes, also its end", async () => {
    const request = { action: "subscribe_instance", request_id: "a", pk: 2 };
    const before = await begun(lab.TaskConsumer, request);
    await lab.Task.objects.filter({ id: 2 }).update({ title: "two" });
    await lab.Task.objects.filter({ id: 3 }).update({ title: "three" });
    await lab.Task.objects.filter({ id: 2 }).delete();
    const { client, answer } = await resumed(lab.TaskConsumer, request, before.position);
    expect(answer).toMatchObject({ data: null, reset: false, response_status: 201 });
    expect(client.told("a")).toEqual(["update 2", "delete 2"]);
    const again = await resumed(lab.TaskConsumer, request, client.events("a").at(-1)?.position);
    expect(again.answer).toMatchObject({ data: null, reset: false });
    expect(again.client.told("a")).toEqual([]);
  });

  test("10.10 of a count get the count", async () => {
    const request = { action: "subscribe_count", request_id: "a" };
    const before = await begun(lab.TaskConsumer, request);
    await lab.Task.objects.filter({ id: 1 }).delete();
    const { answer } = await resumed(lab.TaskConsumer, request, before.position);
    expect(answer).toMatchObject({ data: { count: 4 }, reset: true });
  });

  test("10.9 a position is of one subscription, 10.10 any other gets a reset", async () => {
    const request = { action: "subscribe_list", request_id: "a", filters: { priority__gt: 1 } };
    const position = String((await begun(lab.TaskConsumer, request)).position);
    expect(position.length).toBeLessThanOrEqual(4096);
    const [place = "", tag = ""] = position.split("~");
    const [, rest = ""] = place.split(":");
    const other = await begun(lab.TaskConsumer, { ...request, filters: { priority__gt: 2 } });
    const one = await begun(lab.TaskConsumer, { action: "subscribe_instance", request_id: "a", pk: 1 });
    const future = on.name === "SQLite" ? `${place.split(":")[0]}:999999999` : `${place.split(":")[0]}:99999999:99999999:`;
    for (const since of [
      other.position,
      one.position,
      place,
      `~${tag}`,
      "",
      "garbage",
      `0000000000000000:${rest}~${tag}`,
      `${future}~${tag}`,
      7,
      {},
      [position],
      "x".repeat(100_000),
    ]) {
      const { answer } = await resumed(lab.TaskConsumer, request, since);
      expect(answer, JSON.stringify(since).slice(0, 100)).toMatchObject({ reset: true, response_status: 201 });
      expect(answer.data).toHaveLength(4);
    }
    const same = await resumed(lab.TaskConsumer, { ...request, request_id: "other id" }, position);
    expect(same.answer).toMatchObject({ data: null, reset: false });
  });

  test("10.10 of a past that is not kept any more get a reset", async () => {
    await lab.close();
    lab = await openLab(on, { changeLog: { maxRows: 10 } });
    const request = { action: "subscribe_list", request_id: "a" };
    const { position } = await begun(lab.TaskConsumer, request);
    for (let n = 0; n < 5; n += 1) await lab.Task.objects.create({ title: `${n}` });
    expect((await resumed(lab.TaskConsumer, request, position)).answer).toMatchObject({ data: null, reset: false });
    for (let n = 0; n < 20; n += 1) await lab.Task.objects.create({ title: `${n}` });
    const from = lab.db.changes.parsePosition(String(position).split("~")[0]);
    // PostgreSQL keeps what is behind the oldest transaction of the server, whoever runs it.
    if (from === null) throw new TypeError("Expected a position.");
    while ((await lab.db.changes.since(from)) !== null) await lab.db.changes.prune();
    // No fence here: whoever follows the log may find that it was pruned before it was read.
    const answer = await (await connectLive(lab)).ask({ ...request, since: position });
    expect(answer).toMatchObject({ reset: true, position: expect.any(String) });
    expect(answer.data).toHaveLength(25);
  });

  test("10.10 a changed view is a reset", async () => {
    let ownerId = 1;
    class Owned extends lab.TaskConsumer {
      override getQueryset() {
        return lab.Task.objects.filter({ ownerId });
      }
    }
    const request = { action: "subscribe_list", request_id: "a" };
    const { position } = await begun(Owned, request);
    ownerId = 2;
    expect((await resumed(Owned, request, position)).answer).toMatchObject({ data: [], reset: true });
    ownerId = 1;
    expect((await resumed(Owned, request, position)).answer).toMatchObject({ data: null, reset: false });
  });

  test("10.10 permissions that judge rows, and lists that reach through relations, get a reset", async () => {
    class Judging extends BasePermission {
      override hasPermission(): boolean {
        return true;
      }
      override hasObjectPermission(_scope: Scope, _consumer: unknown, _action: string, row: object): boolean {
        return Reflect.get(row, "ownerId") === 1;
      }
    }
    class Judged extends lab.TaskConsumer {
      override permissionClasses = [Judging];
    }
    const request = { action: "subscribe_list", request_id: "a" };
    const judged = await begun(Judged, request);
    expect((await resumed(Judged, request, judged.position)).answer).toMatchObject({ reset: true });
    const reaching = { ...request, filters: { team__name: "red" } };
    const { position } = await begun(lab.TaskConsumer, reaching);
    expect((await resumed(lab.TaskConsumer, reaching, position)).answer).toMatchObject({ data: [], reset: true });
  });

  test("10.9 under restwave.v1 the position of a later frame may stand in a subscription's place", async () => {
    const connect = () => connectLive(lab, lab.TaskConsumer, { subprotocols: ["restwave.v1"] });
    const first = await connect();
    const all = await first.ask({ action: "subscribe_list", request_id: "a" });
    await first.communicator.disconnect();
    for (let n = 0; n < 5; n += 1) await lab.Task.objects.create({ title: `missed ${n}` });
    const client = await connect();
    const few = await client.ask({ action: "subscribe_list", request_id: "b", filters: { title: "last" } });
    await client.ask({ action: "subscribe_list", request_id: "a", since: all.position });
    await lab.Task.objects.create({ title: "live" });
    await client.fence();
    type Envelope = { readonly events?: readonly unknown[]; readonly position?: string | null };
    const frames = client.texts.map((text) => JSON.parse(text) as Envelope).filter(({ events }) => events !== undefined);
    const places = frames.map(({ position }) => position);
    // What one subscription has missed says nothing of where the others stand.
    expect(places.slice(0, 5)).toEqual([null, null, null, null, null]);
    expect(places[5]).toEqual(expect.any(String));
    await lab.Task.objects.create({ title: "last" });
    const tag = String(few.position).split("~")[1];
    const again = await resumed(
      lab.TaskConsumer,
      { action: "subscribe_list", request_id: "b", filters: { title: "last" } },
      `${places[5]}~${tag}`,
    );
    expect(again.answer).toMatchObject({ data: null, reset: false });
    expect(again.client.told("b")).toHaveLength(1);
  });
});
