import { describeThrown } from "./describe-thrown.ts";

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
  console.error(JSON.stringify({ level, time: new Date().toISOString(), message, ...details }, toLoggable));
}

function toLoggable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return describeThrown(value);
  if (typeof value === "bigint") return value.toString();
  return value;
}

const safeLoggers = new WeakSet<Logger>();

/**
 * The logger as Restwave uses it: what was thrown reaches it described (see {@link describeThrown}), and a logger that fails itself fails no
 * request.
 */
export function toSafeLogger(logger: Logger): Logger {
  if (safeLoggers.has(logger)) return logger;
  const safe: Logger = {
    error: (details, message) => attempt(() => logger.error(describeDetails(details), message)),
    warn: (details, message) => attempt(() => logger.warn(describeDetails(details), message)),
    info: (details, message) => attempt(() => logger.info(describeDetails(details), message)),
  };
  safeLoggers.add(safe);
  return safe;
}

/** `error` is what was thrown, whatever that is. */
function describeDetails(details: object): object {
  const described = Object.entries(details).map(([key, value]: [string, unknown]) => {
    return [key, key === "error" || value instanceof Error ? describeThrown(value) : value];
  });
  return Object.fromEntries(described);
}

function attempt(log: () => void): void {
  try {
    log();
  } catch (error) {
    console.error(`The logger failed: ${error instanceof Error ? error.name : typeof error}.`);
  }
}
