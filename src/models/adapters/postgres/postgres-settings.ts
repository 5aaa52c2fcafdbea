import type { ClientConfig, PoolConfig } from "pg";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";

/** Where a server is and as whom to enter, in place of a connection string. */
export type PostgresTarget = Pick<
  ClientConfig,
  "host" | "port" | "user" | "password" | "database" | "ssl" | "options" | "application_name"
>;

/** How connections of one database are used, in milliseconds where it is a time. */
export interface PostgresLimits {
  readonly max: number;
  readonly connectionTimeout: number;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
}

/**
 * What values look like as text depends on the session. Set in the startup message, so that no connection is ever without; they win over the
 * same settings of the connection string.
 */
const SESSION = [
  "timezone=UTC",
  "datestyle=ISO,YMD",
  "intervalstyle=postgres",
  "bytea_output=hex",
  "extra_float_digits=1",
  "standard_conforming_strings=on",
];

const IDLE_TIMEOUT = 60_000;

/** More than the server's own time-out: the server answers first, unless it is gone without a word. */
const GRACE = 2000;

/** The driver's settings for connections that serve requests. */
export function poolConfig(target: string | PostgresTarget, limits: PostgresLimits): PoolConfig {
  const { max, connectionTimeout, statementTimeout, lockTimeout } = limits;
  return {
    ...clientConfig(target, connectionTimeout, [
      `statement_timeout=${milliseconds(statementTimeout)}`,
      `lock_timeout=${milliseconds(lockTimeout)}`,
    ]),
    max,
    // A connection that comes back has to be prepared for everything again.
    idleTimeoutMillis: IDLE_TIMEOUT,
    ...(Number.isFinite(statementTimeout) ? { query_timeout: Math.ceil(statementTimeout) + GRACE } : {}),
  };
}

/** The driver's settings for a connection that may take its time: migrations, LISTEN. */
export function clientConfig(
  target: string | PostgresTarget,
  connectionTimeout: number,
  extra: readonly string[] = ["statement_timeout=0", "lock_timeout=0"],
): ClientConfig {
  const settings = [...SESSION, ...extra].map((setting) => `-c ${setting}`).join(" ");
  const common: ClientConfig = {
    keepAlive: true,
    fallback_application_name: "restwave",
    types: { getTypeParser: () => (value: string) => value },
    ...(Number.isFinite(connectionTimeout) ? { connectionTimeoutMillis: connectionTimeout } : {}),
  };
  if (typeof target === "string") return { ...common, connectionString: withOptions(target, settings) };
  return { ...common, ...target, options: joined(target.options, settings) };
}

/** 0 is "no limit" to PostgreSQL. */
function milliseconds(timeout: number): number {
  return Number.isFinite(timeout) ? Math.max(1, Math.ceil(timeout)) : 0;
}

function withOptions(url: string, settings: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new ImproperlyConfigured(
      'Expected a connection string that begins with "postgres://" or "postgresql://", or an object { host, port, user, ... }.',
    );
  const [address = "", query = ""] = url.split("?", 2);
  const parameters = new URLSearchParams(query);
  parameters.set("options", joined(parameters.get("options"), settings));
  return `${address}?${parameters}`;
}

function joined(given: string | null | undefined, settings: string): string {
  return given === null || given === undefined || given === "" ? settings : `${given} ${settings}`;
}
