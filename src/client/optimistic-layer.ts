import type { Row } from "./fold-rows.ts";
import { throwUncaught } from "./throw-uncaught.ts";

/** Where a list stands to which a change is applied before the server has it. */
export interface OptimisticList {
  /** One row is a list of one, or of none. */
  readonly kind: "list" | "instance";
  /** What the list was asked with. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly keyOf: (row: Row) => string;
  /** Where the primary key stands. */
  readonly pkField: string;
  /** Is it a part of a list? */
  readonly isPage: boolean;
}

/** What a list shows before the server has the change. Must not change `rows` in place. */
export type OptimisticChange = (rows: readonly Row[], list: OptimisticList) => readonly Row[];

/** A change that is on its way to the server, over what the server has told so far. */
export class OptimisticLayer {
  readonly stream: string | null;
  readonly #change: OptimisticChange;
  /** How the server shows the row, or null; undefined before it has answered. */
  answer: Row | null | undefined;
  #provisionalKey: string | null = null;
  #isBroken = false;

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
    this.answer = typeof row === "object" && row !== null ? { ...row } : null;
  }

  apply(rows: readonly Row[], list: OptimisticList): readonly Row[] {
    const shown = this.#changed(rows, list);
    const { answer } = this;
    if (!answer) return shown;
    const key = list.keyOf(answer);
    const isThere = rows.some((row) => list.keyOf(row) === key);
    const isStandIn = (row: Row): boolean => list.keyOf(row) === this.#provisionalKey;
    // Once the server has told of the new row, nothing stands in for it.
    if (isThere) return shown.filter((row) => !isStandIn(row));
    return shown.map((row) => (isStandIn(row) ? answer : row));
  }

  /** A change that throws shows nothing, from then on; what it threw is an uncaught error of its own. */
  #changed(rows: readonly Row[], list: OptimisticList): readonly Row[] {
    if (this.#isBroken) return rows;
    try {
      return this.#change(rows, list);
    } catch (error) {
      this.#isBroken = true;
      throwUncaught(error);
      return rows;
    }
  }
}

/** Which row is meant: by its primary key, or by the fields of another lookup. */
function matches(row: Row, lookup: unknown, { keyOf }: OptimisticList): boolean {
  if (typeof lookup !== "object" || lookup === null) return keyOf(row) === String(lookup);
  return Object.entries(lookup).every(([field, value]) => String(row[field]) === String(value));
}

/** The fields of a row. */
export function changedRow(lookup: unknown, data: unknown): OptimisticChange {
  return (rows, list) => rows.map((row) => (matches(row, lookup, list) ? { ...row, ...Object(data) } : row));
}

/** A row that leaves. */
export function withoutRow(lookup: unknown): OptimisticChange {
  return (rows, list) => rows.filter((row) => !matches(row, lookup, list));
}

/** A new row, at the end of the lists to which it is sure to belong: no pages, without a search, and filtered by values that it has. */
export function withNewRow(key: string, data: unknown): OptimisticChange {
  return (rows, { kind, args, pkField, isPage }) => {
    const row: Row = { ...Object(data), [pkField]: key };
    return kind === "list" && !isPage && belongs(row, args) ? [...rows, row] : rows;
  };
}

function belongs(row: Row, { filters, search }: OptimisticList["args"]): boolean {
  if (search !== undefined && search !== null && search !== "") return false;
  return Object.entries(Object(filters)).every(([name, value]) => row[name.replace(/__exact$/, "")] === value);
}
