import type { Row } from "./fold-rows.ts";

/** Where a list stands to which a change is applied before the server has it. */
export interface OptimisticList {
  /** One row is a list of one, or of none. */
  readonly kind: "list" | "instance";
  /** What the list was asked with. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly keyOf: (row: Row) => string;
  /** Where the primary key stands. */
  readonly pkField: string;
}

/** What a list shows before the server has the change. Must not change `rows` in place. */
export type OptimisticChange = (rows: readonly Row[], list: OptimisticList) => readonly Row[];

/** A change that is on its way to the server, over what the server has told so far. */
export class OptimisticLayer {
  readonly stream: string | null;
  readonly #change: OptimisticChange;
  #answer: Row | null = null;
  #provisionalKey: string | null = null;

  constructor(stream: string | null, change: OptimisticChange) {
    this.stream = stream;
    this.#change = change;
  }

  /** For a new row: where its key would stand until the server has given it one. */
  markNew(key: string): void {
    this.#provisionalKey = key;
  }

  /** The server has run it, and shows the row so. */
  answered(row: unknown): void {
    if (typeof row === "object" && row !== null) this.#answer = { ...row };
  }

  apply(rows: readonly Row[], list: OptimisticList): readonly Row[] {
    const shown = this.#change(rows, list);
    const answer = this.#answer;
    if (answer === null) return shown;
    const key = list.keyOf(answer);
    const isThere = rows.some((row) => list.keyOf(row) === key);
    const isStandIn = (row: Row): boolean => list.keyOf(row) === this.#provisionalKey;
    // Once the server has told of the new row, nothing stands in for it.
    if (isThere) return shown.filter((row) => !isStandIn(row));
    return shown.map((row) => (isStandIn(row) ? answer : row));
  }
}

/** The fields of a row. */
export function changedRow(key: string, data: unknown): OptimisticChange {
  return (rows, { keyOf }) => rows.map((row) => (keyOf(row) === key ? { ...row, ...Object(data) } : row));
}

/** A row that leaves. */
export function withoutRow(key: string): OptimisticChange {
  return (rows, { keyOf }) => rows.filter((row) => keyOf(row) !== key);
}

/** A new row, at the end of the lists to which it is sure to belong: without a search, and filtered by values that it has. */
export function withNewRow(key: string, data: unknown): OptimisticChange {
  return (rows, { kind, args, pkField }) => {
    const row: Row = { ...Object(data), [pkField]: key };
    return kind === "list" && belongs(row, args) ? [...rows, row] : rows;
  };
}

function belongs(row: Row, { filters, search }: OptimisticList["args"]): boolean {
  if (search !== undefined && search !== null && search !== "") return false;
  return Object.entries(Object(filters)).every(([name, value]) => row[name.replace(/__exact$/, "")] === value);
}
