import pg from "pg";
import { RestwaveError, ServiceUnavailable } from "../../../protocol/exceptions.ts";
import {
  DatabaseError,
  DataError,
  IntegrityError,
  LockTimeout,
  SerializationFailure,
  TransactionError,
  type IntegrityKind,
} from "../../errors.ts";

/** SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const INTEGRITY: ReadonlyMap<string, IntegrityKind> = new Map([
  ["23505", "unique"],
  ["23P01", "unique"],
  ["23503", "foreign_key"],
  ["23001", "foreign_key"],
  ["23502", "not_null"],
  ["23514", "check"],
]);
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const LOCK_NOT_AVAILABLE = "55P03";
const QUERY_CANCELED = "57014";
const IN_FAILED_TRANSACTION = "25P02";
const READ_ONLY_TRANSACTION = "25006";

/** A text that is no value of its type, or one beyond it. */
const DATA_EXCEPTION = /^22/;
/** Connection exceptions, insufficient resources, operator intervention: the server cannot serve now. */
const UNAVAILABLE = /^(?:08|53|57)/;
/** The connection itself is over. */
const CONNECTION_ENDED = /^(?:08|57P)/;
/** What Node.js says of a socket, and the driver of a connection that it has lost or never got. */
const SOCKET_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);
const LOST =
  /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|Client was closed|timeout e)/;

/** Turns what the driver throws into the errors of the models room. */
export function translatePostgresError(error: unknown, lockTimeout: number): unknown {
  if (error instanceof RestwaveError || !(error instanceof Error)) return error;
  if (!(error instanceof pg.DatabaseError)) return translateDriverError(error);
  const code = error.code ?? "";
  const kind = INTEGRITY.get(code);
  if (kind !== undefined) return integrityError(kind, error);
  switch (code) {
    case SERIALIZATION_FAILURE:
    case DEADLOCK:
      return new SerializationFailure({ cause: error });
    case LOCK_NOT_AVAILABLE:
      return new LockTimeout(lockTimeout);
    case IN_FAILED_TRANSACTION:
      return abortedBlock();
    case READ_ONLY_TRANSACTION:
      return new TransactionError("A snapshot only reads. Write outside of it.");
    default:
      if (UNAVAILABLE.test(code)) return new ServiceUnavailable(undefined, undefined, { cause: error });
      return DATA_EXCEPTION.test(code)
        ? new DataError(undefined, { cause: error })
        : new DatabaseError(undefined, { cause: error });
  }
}

/** PostgreSQL refuses everything in a transaction after one of its statements failed. */
export function abortedBlock(): TransactionError {
  return new TransactionError(
    "A statement of this atomic block failed, its error was caught, and the block went on: nothing of it can be kept. Let the error through, or run what may fail in an inner atomic block.",
  );
}

function translateDriverError(error: Error): unknown {
  if (isLostConnection(error)) return new ServiceUnavailable(undefined, undefined, { cause: error });
  return new DatabaseError(undefined, { cause: error });
}

/** Must the connection that gave this error be thrown away? */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return error.severity === "FATAL" || CONNECTION_ENDED.test(error.code ?? "");
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return SOCKET_CODES.has(code) || LOST.test(error.message);
}

/** The statement was prepared for a table that has changed since, or somebody else threw it away. */
export function isStalePlan(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === "26000" || (error.code === "0A000" && error.routine === "RevalidateCachedQuery");
}

/** Was it cancelled by `statement_timeout`, or by somebody? */
export function isCancelled(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === QUERY_CANCELED;
}

function integrityError(kind: IntegrityKind, error: InstanceType<typeof pg.DatabaseError>): IntegrityError {
  const columns = kind === "not_null" && error.column !== undefined ? [error.column] : keyColumns(error.detail ?? "");
  const table = error.table === undefined ? {} : { table: error.table };
  return new IntegrityError(kind, kind === "check" ? [] : columns, { cause: error, ...table });
}

/** From `Key (left_number, right_number)=(1, 2) already exists.`, in whatever language. */
function keyColumns(detail: string): string[] {
  const start = detail.indexOf("(");
  const end = detail.indexOf(")=(", start);
  if (start === -1 || end === -1) return [];
  return detail
    .slice(start + 1, end)
    .split(", ")
    .map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name));
}
