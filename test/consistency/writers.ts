import type { Peer } from "./peer.ts";
import type { RandomTasks } from "./random-tasks.ts";
import type { RawProcess } from "./raw-process.ts";
import type { Rights } from "./rights.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** How often each kind of write was done. */
export interface WriteTotals {
  create: number;
  patch: number;
  delete: number;
  transaction: number;
  raw: number;
  rolledBack: number;
  refused: number;
}

/** What a writer writes with. */
export interface WriterTools {
  readonly random: SeededRandom;
  readonly tasks: RandomTasks;
  readonly totals: WriteTotals;
}

export type WriteOnce = () => Promise<void>;

/** Single writes over the API. */
export function apiWriter(peer: Peer, { random, tasks, totals }: WriterTools): WriteOnce {
  return async () => {
    await peer.whenOpen();
    const drawn = random.next();
    if (drawn < 0.3 || tasks.pks.length === 0) {
      const answer = await peer.request({ action: "create", data: tasks.values() });
      if (answer?.["response_status"] === 201) totals.create += 1;
      else totals.refused += 1;
      tasks.add(Reflect.get(Object(answer?.["data"]), "id"));
      return;
    }
    const isDelete = drawn > 0.85 && !tasks.areFew;
    const frame = isDelete ? { action: "delete", pk: tasks.take() } : { action: "patch", pk: tasks.one(), data: tasks.change() };
    const answer = await peer.request(frame);
    if (Number(answer?.["response_status"]) >= 300 || answer === null) totals.refused += 1;
    else if (isDelete) totals.delete += 1;
    else totals.patch += 1;
  };
}

/** Transactions of several steps over the API, some of which are undone in part or as a whole. */
export function transactionWriter(staff: Peer, { random, tasks, totals }: WriterTools): WriteOnce {
  return async () => {
    await staff.whenOpen();
    const isUndone = random.chance(0.25);
    const steps = tasks.steps();
    const answer = await staff.request({ action: "transact", steps: isUndone ? [...steps, { op: "fail" }] : steps });
    if (answer?.["response_status"] === 200) totals.transaction += 1;
    else if (isUndone) totals.rolledBack += 1;
    else totals.refused += 1;
  };
}

/** Most raw transactions between two answers of the server, which may be down. */
const RAW_AHEAD = 20;

/** Raw SQL from another process, about as fast as the server answers. */
export function rawWriter(raw: RawProcess, staff: Peer, { random, tasks, totals }: WriterTools): WriteOnce {
  let ahead = 0;
  return async () => {
    if (ahead >= RAW_AHEAD) await staff.whenOpen();
    const answer = await staff.request({ action: "cancel", cancel_request_id: "nothing" });
    ahead = answer === null ? ahead + 1 : 0;
    const isUndone = random.chance(0.2);
    const isDone = await raw.transact(tasks.statements(), isUndone ? "ROLLBACK" : "COMMIT");
    if (!isDone) totals.refused += 1;
    else if (isUndone) totals.rolledBack += 1;
    else totals.raw += 1;
  };
}

/** Changes of rights. */
export function rightsChanger(rights: Rights, random: SeededRandom): WriteOnce {
  return () => rights.change(random);
}
