/** Where Restwave writes what happens. Every pino-compatible logger fits: `(details, message)`. */
export interface Logger {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

/** One JSON line per entry on stderr. Errors are written with message and stack: this is the server's log, not the client's answer. */
export const consoleLogger: Logger = Object.freeze({
  error: (details: object, message: string) => write("error", details, message),
  warn: (details: object, message: string) => write("warn", details, message),
  info: (details: object, message: string) => write("info", details, message),
});

function write(level: string, details: object, message: string): void {
  console.error(JSON.stringify({ level, time: new Date().toISOString(), message, ...details }, describeErrors));
}

function describeErrors(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  if (typeof value === "bigint") return value.toString();
  return value;
}
