import type { CountSubscription } from "./count-subscription.ts";
import type { ListSubscription } from "./list-subscription.ts";
import type { LiveReader } from "./live-reader.ts";
import type { Peer } from "./peer.ts";
import type { Row } from "./subscription-log.ts";
import { within } from "./within.ts";

/** What every list of a reader is in truth. */
export type FreshLists = ReadonlyMap<ListSubscription, readonly Row[]>;

/**
 * Waits until every reader has all that was written; nobody may write meanwhile. @returns the fresh lists, and where a reader did not come to
 * be equal to one within `patienceMs`.
 */
export async function settle(
  readers: readonly LiveReader[],
  staff: Peer,
  patienceMs: number,
): Promise<{ fresh: FreshLists; differences: string[] }> {
  const fresh = new Map<ListSubscription, readonly Row[]>();
  const deadline = Date.now() + patienceMs;
  await within(deadline, staff.demand({ action: "caughtUp" }));
  const differences = await Promise.all(readers.map((reader) => settleReader(reader, fresh, deadline)));
  return { fresh, differences: differences.flat() };
}

async function settleReader(
  reader: LiveReader,
  fresh: Map<ListSubscription, readonly Row[]>,
  deadline: number,
): Promise<string[]> {
  let differences = [`${reader.name}: no connection`];
  while (differences.length > 0 && Date.now() < deadline) {
    const change = reader.whenChanged();
    await within(deadline, reader.whenOpen());
    const found = await within(deadline, compare(reader, fresh));
    if (found !== null) differences = found;
    if (differences.length > 0) await within(Math.min(deadline, Date.now() + 500), change);
  }
  // What came too much would come before this answer.
  if (differences.length === 0) await within(deadline, reader.echo());
  return differences;
}

/** Where the reader differs from what the server answers now; null when it was cut meanwhile. */
async function compare(reader: LiveReader, fresh: Map<ListSubscription, readonly Row[]>): Promise<string[] | null> {
  const differences: string[] = [];
  for (const list of reader.lists) {
    const rows = await reader.fresh(list);
    if (rows === null) return null;
    fresh.set(list, rows);
    const difference = list.isLive ? list.differenceFrom(rows) : `${list.watched.name}: not subscribed`;
    if (difference !== null) differences.push(difference);
  }
  for (const count of reader.counts) {
    const difference = await countDifference(reader, count);
    if (difference !== null) differences.push(difference);
  }
  return differences;
}

async function countDifference(reader: LiveReader, { name, args, count }: CountSubscription): Promise<string | null> {
  const answer = await reader.request({ action: "list", ...args, limit: 1 });
  const expected: unknown = Reflect.get(Object(answer?.["data"]), "count");
  return expected === count ? null : `${name}: ${count}, expected ${String(expected)}`;
}
