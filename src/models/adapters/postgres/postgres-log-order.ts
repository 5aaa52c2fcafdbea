/** An entry of the log as a step in the life of a row. */
export interface RowStep {
  /** Where the version of the row was that this step replaced or removed; null: there was none. */
  readonly from: string | null;
  /** Where the new version is; null: there is none. */
  readonly to: string | null;
  /** Names the row; null: it cannot be told. */
  readonly key: string | null;
}

/**
 * Puts the entries of one transaction into the order in which they happened. Triggers run at the end of their statement: what a trigger of the
 * application writes is logged before those rows of the statement that come after the one it answered to. But each change puts a new version
 * of its row to a place that no other version in the transaction has, so an entry belongs behind the one that made the version it replaces; and
 * a row that comes belongs behind the leaving of the row that had its key before the transaction.
 */
export function inOrderOfVersions<T extends RowStep>(entries: readonly T[]): readonly T[] {
  if (entries.length < 2) return entries;
  const makers = new Map<string, T>();
  for (const entry of entries) if (entry.to !== null) makers.set(entry.to, entry);
  const leavers = new Map<string, T>();
  for (const entry of entries) {
    if (entry.from !== null && entry.to === null && entry.key !== null && wasBefore(entry, makers)) leavers.set(entry.key, entry);
  }
  const ordered = new Set<T>();
  for (const entry of entries) addAfterCauses(entry, makers, leavers, ordered);
  return [...ordered];
}

/** Was the row there before the transaction? */
function wasBefore(entry: RowStep, makers: ReadonlyMap<string, RowStep>): boolean {
  let first: RowStep | undefined = entry;
  while (first.from !== null) {
    const maker = makers.get(first.from);
    if (maker === undefined) return true;
    first = maker;
  }
  return false;
}

function addAfterCauses<T extends RowStep>(
  entry: T,
  makers: ReadonlyMap<string, T>,
  leavers: ReadonlyMap<string, T>,
  ordered: Set<T>,
): void {
  const chain: T[] = [];
  let next: T | undefined = entry;
  while (next !== undefined && !ordered.has(next)) {
    chain.push(next);
    if (next.from !== null) next = makers.get(next.from);
    else next = next.to === null || next.key === null ? undefined : leavers.get(next.key);
  }
  for (const step of chain.toReversed()) ordered.add(step);
}
