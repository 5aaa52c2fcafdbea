/** What a log holds of something that was thrown. */
export interface ThrownDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** SQLite's number for what went wrong, https://sqlite.org/rescode.html. */
  readonly errcode?: number;
  readonly stack?: string;
  readonly cause?: ThrownDescription;
}

/**
 * Describes an error for the log: name, message, code, stack and cause. Of a database driver's error only its number and where it was thrown
 * are told: its message quotes SQL and the values of rows. Of an object that is no error nothing is told but that.
 */
export function describeThrown(thrown: unknown): ThrownDescription {
  return describe(thrown, []);
}

/** Causes of causes that are told. */
const MAX_CAUSES = 5;

function describe(thrown: unknown, effects: readonly Error[]): ThrownDescription {
  if (!(thrown instanceof Error)) return describeOther(thrown);
  const description = isDriverReport(thrown) ? describeReport(thrown) : describeError(thrown);
  const { cause } = thrown;
  const told = [...effects, thrown];
  if (cause === undefined || cause === null || told.length > MAX_CAUSES || told.some((error) => error === cause))
    return description;
  return { ...description, cause: describe(cause, told) };
}

function describeError(error: Error): ThrownDescription {
  const { name, message, stack } = error;
  return { name, message, ...codeOf(error), ...(stack === undefined ? {} : { stack }) };
}

function codeOf(error: Error): { code?: string } {
  return "code" in error && typeof error.code === "string" ? { code: error.code } : {};
}

function describeReport(error: Error): ThrownDescription {
  const errcode = "errcode" in error && typeof error.errcode === "number" ? { errcode: error.errcode } : {};
  const [, frames] = error.stack?.split(`${error.message}\n`) ?? [];
  return {
    name: error.constructor.name,
    message: REPORT_MESSAGE,
    ...errcode,
    ...(frames === undefined ? {} : { stack: frames }),
  };
}

const REPORT_MESSAGE = "A database driver's report, which is not logged: it may quote SQL and the values of rows.";

/** By what an error has: node:sqlite, drizzle, mysql2 and pg, better-sqlite3. */
function isDriverReport(error: Error): boolean {
  if ("errcode" in error || ("query" in error && "params" in error) || "sqlMessage" in error || "severity" in error) return true;
  return "code" in error && typeof error.code === "string" && /^(ERR_)?SQLITE/.test(error.code);
}

function describeOther(thrown: unknown): ThrownDescription {
  if (typeof thrown === "object" && thrown !== null)
    return { name: thrown.constructor?.name ?? "Object", message: "Expected an Error to be thrown, but got another object." };
  return { name: typeof thrown, message: String(thrown) };
}
