import type { SyncConfig } from "@tanstack/db";

/** The part of a collection that takes what the server says. */
export type SyncTarget<Row extends object, Key extends string | number> = Pick<
  Parameters<SyncConfig<Row, Key>["sync"]>[0],
  "begin" | "write" | "commit"
>;

type Change<Row extends object, Key extends string | number> = Parameters<SyncTarget<Row, Key>["write"]>[0];

/** Keeps a collection as a list is, one transaction per list that differs. */
export class RowMirror<Row extends object, Key extends string | number> {
  readonly #target: SyncTarget<Row, Key>;
  readonly #getKey: (row: Row) => Key;
  #rows: ReadonlyMap<Key, Row> = new Map();

  constructor(target: SyncTarget<Row, Key>, getKey: (row: Row) => Key) {
    this.#target = target;
    this.#getKey = getKey;
  }

  /** Makes the collection hold these rows. A row that has not changed must be the same object as before. */
  show(list: readonly Row[]): void {
    const rows = new Map(list.map((row) => [this.#getKey(row), row]));
    const changes = changesBetween(this.#rows, rows);
    this.#rows = rows;
    if (changes.length === 0) return;
    const { begin, write, commit } = this.#target;
    begin();
    for (const change of changes) write(change);
    // The receipt comes when no write is on its way any more, and a write waits for nothing but its own changes.
    void commit();
  }
}

function changesBetween<Row extends object, Key extends string | number>(
  before: ReadonlyMap<Key, Row>,
  after: ReadonlyMap<Key, Row>,
): readonly Change<Row, Key>[] {
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => ({ type: "delete", key }) as const);
  const fresh = [...after].filter(([key, row]) => before.get(key) !== row);
  return [...gone, ...fresh.map(([key, value]) => ({ type: before.has(key) ? "update" : "insert", value }) as const)];
}
