import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { FoldedList } from "./fold-list.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, type LiveClient } from "./live-client.ts";
import { commit, initialTasks, TEAMS, transaction } from "./random-tasks.ts";

const RUNS = Number(process.env["RESTWAVE_RANDOM_RUNS"] ?? 6);

interface Watched {
  readonly stream: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const whole: readonly Watched[] = [
  { stream: "tasks", args: {} },
  { stream: "tasks", args: { ordering: "priority" } },
  { stream: "tasks", args: { ordering: "-priority,title" } },
  { stream: "tasks", args: { ordering: "title" } },
  { stream: "tasks", args: { ordering: ["-title", "-id"], filters: { done: false } } },
  { stream: "tasks", args: { filters: { ownerId__in: [1, 2] } } },
  { stream: "tasks", args: { filters: { priority__gte: 1 }, ordering: "done" } },
  { stream: "tasks", args: { search: "a" } },
  { stream: "tasks", args: { filters: { team: 1 } } },
  { stream: "tasks", args: { filters: { team__in: [1, 2], done: false }, ordering: "-team,title" } },
];

const windows: readonly Watched[] = [
  { stream: "windowed", args: { limit: 3 } },
  { stream: "windowed", args: { limit: 2, offset: 2, ordering: "-priority" } },
  { stream: "windowed", args: { limit: 4, offset: 1, ordering: "title", filters: { done: true } } },
  { stream: "windowed", args: { limit: 100, offset: 3, ordering: "ownerId,-id" } },
  { stream: "windowed", args: { limit: 1, filters: { ownerId: 1 } } },
  { stream: "windowed", args: { limit: 2, offset: 1, ordering: "team", filters: { team__isnull: false } } },
];

const pages: readonly Watched[] = [
  { stream: "numbered", args: { page: 1 } },
  { stream: "numbered", args: { page: 2, page_size: 2, ordering: "-priority" } },
  { stream: "cursored", args: {} },
  { stream: "cursored", args: { ordering: "-title", page_size: 2 } },
  { stream: "cursored", args: { ordering: "id", page_size: 2, filters: { done: false } } },
];

const counts = [
  {},
  { filters: { done: true } },
  { filters: { ownerId: 1 } },
  { filters: { team: 2 } },
  { filters: { team: null } },
  { filters: { priority__isnull: true } },
  { search: "e" },
];

/** A subscription with what its events make of its snapshot. */
class Follower {
  readonly #client: LiveClient;
  readonly #watched: Watched;
  readonly #requestId: string;
  #list = new FoldedList([]);
  #seen = 0;
  /** The page was there when it was subscribed to. */
  #isLive = false;

  constructor(client: LiveClient, watched: Watched, requestId: string) {
    this.#client = client;
    this.#watched = watched;
    this.#requestId = requestId;
  }

  async start(): Promise<void> {
    const { stream, args } = this.#watched;
    const answer = await this.#client.ask({ ...args, action: "subscribe_list", request_id: this.#requestId }, stream);
    if (answer.response_status === 404) return;
    expect(answer).toMatchObject({ errors: [], response_status: 201 });
    this.#isLive = true;
    this.#list = new FoldedList(answer.data);
    this.#seen = this.#client.events(this.#requestId, stream).length;
  }

  async check(): Promise<void> {
    if (!this.#isLive) return;
    const { stream, args } = this.#watched;
    const events = this.#client.events(this.#requestId, stream).slice(this.#seen);
    this.#seen += events.length;
    this.#list.apply(events);
    const isOrdered = stream !== "tasks" || "ordering" in args;
    const fresh = await this.#client.list({ ...args, ordering: total(args["ordering"]) }, stream);
    const about = `${this.#requestId} ${JSON.stringify(this.#watched)} after ${JSON.stringify(events)}`;
    if (isOrdered) expect(this.#list.rows, about).toEqual(fresh);
    else expect(this.#list.sorted, about).toEqual(fresh.toSorted((left, right) => left.id - right.id));
  }
}

/** What live lists add by themselves: rows that are equal in an order stand by key. */
function total(ordering: unknown): readonly string[] {
  const keys = typeof ordering === "string" ? ordering.split(",") : ((ordering ?? []) as readonly string[]);
  return keys.some((key) => ["id", "-id"].includes(key)) ? keys : [...keys, "id"];
}

describeOnDatabases("folded events equal a fresh list", (on) => {
  let lab: Lab;
  let runs = 0;
  beforeAll(async () => {
    lab = await openLab(on);
    await lab.Team.objects.bulkCreate(TEAMS);
  });
  afterAll(() => lab.close());

  async function follow(watched: readonly Watched[], transactions: readonly Parameters<typeof commit>[1][]): Promise<void> {
    runs += 1;
    const client = await connectLive(lab, {
      tasks: lab.TaskConsumer,
      windowed: lab.Windowed,
      numbered: lab.Numbered,
      cursored: lab.Cursored,
    });
    const followers = watched.map((each, index) => new Follower(client, each, `${runs}-${index}`));
    for (const follower of followers) await follower.start();
    for (const each of transactions) {
      await commit(lab, each);
      await client.fence();
      for (const follower of followers) await follower.check();
    }
    await client.communicator.disconnect();
  }

  for (const [title, watched] of [
    ["10.6 of whole lists, ordered or not", whole],
    ["10.7 of limit-offset windows", windows],
    ["10.7 of numbered pages and cursor windows", pages],
  ] as const) {
    test(`${title}, for random transactions`, { timeout: 120_000 }, async () => {
      const property = fc.asyncProperty(initialTasks, fc.array(transaction, { maxLength: 6 }), async (initial, transactions) => {
        await lab.Task.objects.delete();
        await lab.Task.objects.bulkCreate(initial);
        await follow(watched, transactions);
      });
      await fc.assert(property, { numRuns: RUNS });
    });
  }

  test("10.7 of windows that are emptied and filled again, for random transactions at once", { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(transaction, { minLength: 2, maxLength: 8 }), async (transactions) => {
      await lab.Task.objects.delete();
      const many = Array.from({ length: 160 }, (_each, n) => ({ title: `t${n % 7}`, priority: n % 11, ownerId: (n % 2) + 1 }));
      await lab.Task.objects.bulkCreate(many);
      const client = await connectLive(lab, { windowed: lab.Windowed });
      runs += 1;
      const followers = windows.map((each, index) => new Follower(client, each, `${runs}-${index}`));
      for (const follower of followers) await follower.start();
      const ids = (await lab.Task.objects.orderBy("id").values("id").toArray()).map(({ id }) => id);
      await Promise.all([
        lab.Task.objects.filter({ id__in: ids.slice(0, 70) }).delete(),
        ...transactions.map((each) => commit(lab, each)),
        lab.Task.objects.filter({ id__in: ids.slice(60, 140) }).delete(),
      ]);
      await client.fence();
      for (const follower of followers) await follower.check();
      await client.communicator.disconnect();
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 2) });
  });

  test("10.1 of counts, for random transactions", { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(initialTasks, fc.array(transaction, { maxLength: 6 }), async (initial, transactions) => {
      runs += 1;
      await lab.Task.objects.delete();
      await lab.Task.objects.bulkCreate(initial);
      const client = await connectLive(lab);
      const known = new Map<string, unknown>();
      for (const [index, args] of counts.entries()) {
        const answer = await client.ask({ ...args, action: "subscribe_count", request_id: `${runs}-${index}` });
        known.set(`${runs}-${index}`, answer.data);
      }
      for (const each of transactions) {
        await commit(lab, each);
        await client.fence();
        for (const [index, args] of counts.entries()) {
          const name = `${runs}-${index}`;
          const told = client.events(name).at(-1)?.data ?? known.get(name);
          expect(told, JSON.stringify(args)).toEqual({ count: (await client.list(args)).length });
        }
      }
      await client.communicator.disconnect();
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});
