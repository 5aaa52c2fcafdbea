import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { createTasks, openedBed } from "./opened-bed.ts";
import { Peer } from "./peer.ts";
import { STAFF } from "./random-tasks.ts";
import { rowsOf } from "./list-subscription.ts";
import type { Row } from "./subscription-log.ts";
import type { TestBed } from "./test-bed.ts";
import { WorkUntil } from "./work-until.ts";

const ROUNDS = Number(process.env["RESTWAVE_CONSISTENCY_ROUNDS"] ?? 10_000);
const SOCKETS = 4;
const SIDE_BY_SIDE = 10;
const EVENTS_PER_ROUND = 2;

type Frame = Readonly<Record<string, unknown>>;

/** One subscription from snapshot to its last event. Every write changes one row, so each event is one version on from the last. */
class Round {
  readonly gaps: string[] = [];
  readonly done: Promise<void>;
  private finish: () => void = () => {};
  private readonly versions = new Map<number, number>();
  private events = 0;

  constructor() {
    this.done = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  take(frame: Frame): void {
    if (frame["action"] === "subscribe_list" || frame["action"] === "reset") return this.begin(frame);
    const { id, version } = frame["data"] as Row;
    const expected = (this.versions.get(id) ?? Number.NaN) + 1;
    if (version !== expected) this.gaps.push(`row ${id}: version ${version} came where ${expected} was next`);
    this.versions.set(id, version);
    this.events += 1;
    if (this.events >= EVENTS_PER_ROUND) this.finish();
  }

  private begin(frame: Frame): void {
    const isFine = frame["response_status"] === (frame["action"] === "reset" ? 200 : 201);
    if (!isFine) this.gaps.push(JSON.stringify(frame));
    for (const { id, version } of rowsOf(frame["data"])) this.versions.set(id, version);
  }
}

/** Many subscriptions over one connection, each for a moment. */
class Subscriber extends Peer {
  readonly gaps: string[] = [];
  private readonly rounds = new Map<string, Round>();
  private started = 0;

  /** @param pause turns of the event loop by which the server is held up, before its snapshot and after it. */
  async round(pause: number): Promise<void> {
    const id = `s${(this.started += 1)}`;
    const round = new Round();
    this.rounds.set(id, round);
    this.send({ action: "subscribe_list", request_id: id, pause });
    await round.done;
    this.send({ action: "unsubscribe_list", request_id: id });
    this.gaps.push(...round.gaps);
  }

  protected override onFrame(frame: Frame): void {
    const id = String(frame["request_id"]);
    if (frame["action"] === "unsubscribe_list") this.rounds.delete(id);
    else this.rounds.get(id)?.take(frame);
  }
}

function subscriber(bed: TestBed): Subscriber {
  const peer = new Subscriber({ url: () => `${bed.server.url}/tasks/?user=${STAFF}` });
  bed.atEnd(async () => peer.close());
  peer.start();
  return peer;
}

describeOnEngines("while a writer commits in a tight loop", (engine) => {
  test(`${ROUNDS} subscriptions have no gap and no double between snapshot and events`, { timeout: 300_000 }, async () => {
    const bed = await openedBed(engine);
    const pks = await createTasks(bed.peer("tasks", STAFF), 3);
    const subscribers = Array.from({ length: SOCKETS }, () => subscriber(bed));
    await Promise.all(subscribers.map((peer) => peer.whenOpen()));
    let started = 0;
    const subscribe = async (peer: Subscriber): Promise<void> => {
      while (started < ROUNDS) await peer.round((started += 1) % 4);
    };
    const writing = new WorkUntil();
    const write = (pk: number): Promise<void> => {
      const writer = bed.peer("tasks", STAFF);
      return writing.repeat((n) => writer.demand({ action: "patch", pk, data: { priority: n % 6 } }));
    };
    const rounds = Promise.all(subscribers.flatMap((peer) => Array.from({ length: SIDE_BY_SIDE }, () => subscribe(peer))));
    await Promise.all([...pks.map(write), rounds.finally(() => writing.finish())]);
    expect(subscribers.flatMap(({ gaps }) => gaps).slice(0, 10)).toEqual([]);
    expect(bed.serverLog).toEqual([]);
  });
});
