import { onTestFinished } from "vitest";
import type { Engine } from "./domain-tables.ts";
import type { LiveReader } from "./live-reader.ts";
import type { Peer } from "./peer.ts";
import { STAFF } from "./random-tasks.ts";
import type { TaskValues } from "./steps.ts";
import { TestBed, type TestBedOptions } from "./test-bed.ts";
import { subscriptionsOf } from "./watched-lists.ts";

/** A started test bed, closed after the test. */
export async function openedBed(engine: Engine, options: TestBedOptions = {}): Promise<TestBed> {
  const bed = await TestBed.open(engine, options);
  onTestFinished(() => bed.close());
  await bed.start();
  return bed;
}

/** A reader who sees everything, through all filters, orders and windows. */
export function staffReader(bed: TestBed, name: string, { joined = false, isSlow = false } = {}): LiveReader {
  return bed.reader(name, STAFF, subscriptionsOf(name, { user: STAFF, projects: [], isSlow }), { joined });
}

/** Resolves when every subscription of the reader has been answered. */
export async function whenLive(reader: LiveReader): Promise<void> {
  while (!reader.subscriptions.every(({ isLive }) => isLive)) await reader.whenChanged();
}

/** A task with these values; the others are plain. */
export function taskOf(values: Partial<TaskValues> = {}): TaskValues {
  return {
    title: "alpha 1",
    project: 1,
    assignee: null,
    priority: 3,
    status: "open",
    due: null,
    estimate: null,
    archived: false,
    ...values,
  };
}

/** Creates tasks over the API. @returns their primary keys. */
export async function createTasks(peer: Peer, count: number): Promise<number[]> {
  const pks: number[] = [];
  for (let made = 0; made < count; made += 1) {
    const answer = await peer.demand({ action: "create", data: taskOf({ title: `alpha ${made}` }) });
    pks.push(Number(Reflect.get(Object(answer["data"]), "id")));
  }
  return pks;
}
