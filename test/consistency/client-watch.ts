import { isDeepStrictEqual } from "node:util";
import { APIError, type Client, type LiveQuery } from "../../src/client.ts";
import { ask } from "./ask.ts";
import { rowsOf } from "./list-subscription.ts";
import { SnapshotLog } from "./snapshot-log.ts";
import type { Row } from "./subscription-log.ts";
import { type Question, type Viewer, watchedBy } from "./watched-lists.ts";

/** One live query of a client, watched for the whole run or for a part of it. */
export interface ClientWatch {
  readonly name: string;
  readonly query: LiveQuery<unknown>;
  /** What it showed; null where that cannot be compared with the ledger. */
  readonly log: SnapshotLog | null;
  /** Takes what it shows now. */
  look(): void;
  /** What it should show, by an ordinary request. */
  fresh(): Promise<unknown>;
}

/** Who watches. */
export interface Watcher {
  readonly client: Client<unknown>;
  readonly name: string;
  /** Does the client take a list that the server has read anew? */
  readonly isReset: () => boolean;
}

const FIRST_KEY = /^(-?)(id|priority|version)$/;

export function watchList({ client, name, isReset }: Watcher, viewer: Viewer, question: Question): ClientWatch {
  const query = client.live(question.args);
  const watched = { ...watchedBy(name, viewer, question), tellsStates: true };
  const log = new SnapshotLog(watched, comparisonOf(question.args["ordering"] ?? "id"), isReset);
  const look = (): void => {
    const { status, data } = query.getSnapshot();
    if (data !== undefined) log.take({ status, rows: data as readonly Row[] });
  };
  return { name: watched.name, query, log, look, fresh: async () => rowsOf(await ask(client, "list", question.args)) };
}

export function watchCount({ client, name }: Watcher, args: Readonly<Record<string, unknown>>): ClientWatch {
  const fresh = async (): Promise<unknown> => Reflect.get(Object(await ask(client, "list", { ...args, limit: 1 })), "count");
  return { name: `${name}: count ${JSON.stringify(args)}`, query: client.liveCount(args), log: null, look: () => {}, fresh };
}

/** One row, for a viewer whose rights stay. */
export function watchInstance({ client, name, isReset }: Watcher, viewer: Viewer, pk: number): ClientWatch {
  const query = client.liveInstance(pk);
  const question = { name: `row ${pk}`, args: {}, matches: ({ id }: Row) => id === pk };
  const log = new SnapshotLog({ ...watchedBy(name, viewer, question), tellsStates: true }, () => 0, isReset);
  const rowsBy = rowsOfInstance();
  const look = (): void => {
    const { status, data } = query.getSnapshot();
    if (data !== undefined) log.take({ status, rows: rowsBy(data) });
  };
  return { name: log.watched.name, query, log, look, fresh: () => rowOrNull(client, pk) };
}

/** How a query differs from what a request answers now; null: nowhere. */
export async function differenceOf({ name, query, fresh }: ClientWatch): Promise<string | null> {
  const expected = await fresh();
  const { status, data, error } = query.getSnapshot();
  if (status === "failed" && expected === null && error instanceof APIError && error.status === 404) return null;
  if (status !== "live") return `${name}: ${status}${error === null ? "" : ` (${error.message})`}`;
  if (isDeepStrictEqual(data, expected)) return null;
  return `${name}: ${JSON.stringify(data)?.slice(0, 500)}, expected ${JSON.stringify(expected)?.slice(0, 500)}`;
}

/** One and the same list for one and the same row. */
function rowsOfInstance(): (row: unknown) => readonly Row[] {
  let last: readonly Row[] = [];
  return (row) => {
    if (last[0] !== (row ?? undefined)) last = row === null ? [] : [row as Row];
    return last;
  };
}

async function rowOrNull(client: Client<unknown>, pk: number): Promise<unknown> {
  try {
    return await ask(client, "retrieve", { pk });
  } catch (error) {
    if (error instanceof APIError && error.status === 404) return null;
    throw error;
  }
}

/** By the first key of an ordering, where that is a number: texts are ordered by the database's own rules. */
function comparisonOf(ordering: unknown): (a: Row, b: Row) => number {
  const [, minus, field] = FIRST_KEY.exec(String(ordering)) ?? [];
  if (field === undefined) return () => 0;
  const sign = minus === "-" ? -1 : 1;
  return (a, b) => sign * (Number(a[field]) - Number(b[field]));
}
