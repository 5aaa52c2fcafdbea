import { DatabaseError, IntegrityError, type IntegrityKind } from "../../errors.ts";
import { RestwaveError } from "../../../protocol/exceptions.ts";

/** Another connection holds the lock that a statement needs. Never leaves the adapter: it waits and tries again. */
export class SqliteBusy extends RestwaveError {
  constructor(cause: unknown) {
    super("The database is locked by another connection.", { code: "sqlite_busy", status: 503, cause });
  }
}

const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT = 19;

/** Extended result codes, https://sqlite.org/rescode.html. */
const CONSTRAINTS: ReadonlyMap<number, IntegrityKind> = new Map([
  [2067, "unique"],
  [1555, "unique"],
  [2579, "unique"],
  [787, "foreign_key"],
  [1299, "not_null"],
]);

/** Turns what the driver throws into the errors of the models room. */
export function translateSqliteError(error: unknown): unknown {
  if (error instanceof RestwaveError || !(error instanceof Error)) return error;
  const code = resultCode(error);
  if (code === undefined) return new DatabaseError(undefined, { cause: error });
  const primary = code & 0xff;
  if (primary === BUSY || primary === LOCKED) return new SqliteBusy(error);
  if (primary !== CONSTRAINT) return new DatabaseError(undefined, { cause: error });
  const kind = CONSTRAINTS.get(code) ?? "check";
  return new IntegrityError(kind, kind === "unique" || kind === "not_null" ? columnNames(error.message) : [], { cause: error });
}

/** SQLite's own words for the codes above: the driver gives the code of an error for `run` and `get`, but for `all` only the text. */
const MESSAGES: readonly (readonly [string, number])[] = [
  ["UNIQUE constraint failed", 2067],
  ["FOREIGN KEY constraint failed", 787],
  ["NOT NULL constraint failed", 1299],
  ["CHECK constraint failed", 275],
  ["database is locked", BUSY],
  ["database table is locked", LOCKED],
];

/** SQLite's result code of a driver error, if it is known. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode;
  return MESSAGES.find(([text]) => error.message.startsWith(text))?.[1];
}

/** From `UNIQUE constraint failed: item.left, item.right`, the only place where SQLite says it; an index over expressions is named instead. */
function columnNames(message: string): string[] {
  const [, list = ""] = message.split("constraint failed: ");
  return list.split(", ").flatMap((name) => {
    const dot = name.lastIndexOf(".");
    return dot === -1 ? [] : [name.slice(dot + 1)];
  });
}
