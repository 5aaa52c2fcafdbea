import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";

/** Something outside this process that some tests need. */
export interface Service {
  readonly name: string;
  readonly available: boolean;
  /** Where it was found, or why it was not. */
  readonly reason: string;
  /** What to do to have it. */
  readonly how: string;
  /** Where it is: a URL, or for Chromium the executable. Empty when it is not available. */
  readonly address: string;
}

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome"];
const DEFAULT_POSTGRES = "postgres://restwave:restwave@127.0.0.1:5432/restwave_test";
const DEFAULT_REDIS = "redis://127.0.0.1:6379";
const ANSWER_WITHIN_MS = 2000;

/** Chromium: `RESTWAVE_CHROMIUM`, else the first of the usual names in PATH. */
export function findChromium(env: NodeJS.ProcessEnv): Service {
  const how = "set RESTWAVE_CHROMIUM to its executable, or run: scripts/services.sh chromium";
  const chosen = env.RESTWAVE_CHROMIUM;
  const candidates = chosen === undefined ? inPath(env.PATH ?? "") : [chosen];
  const address = candidates.find(isExecutable);
  if (address !== undefined) return { name: "Chromium", available: true, reason: `found ${address}`, how, address };
  const looked = chosen === undefined ? `none of ${CHROMIUM_NAMES.join(", ")} is in PATH` : `${chosen} is not executable`;
  return { name: "Chromium", available: false, reason: looked, how, address: "" };
}

function inPath(path: string): string[] {
  const folders = [...path.split(delimiter), "/usr/bin"].filter((folder) => folder !== "");
  return CHROMIUM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL: `RESTWAVE_POSTGRES_URL`, else the test database that `scripts/services.sh` makes on this machine. */
export function findPostgres(env: NodeJS.ProcessEnv): Promise<Service> {
  const url = new URL(env.RESTWAVE_POSTGRES_URL ?? DEFAULT_POSTGRES);
  return findServer("PostgreSQL", url, 5432, {
    how: "set RESTWAVE_POSTGRES_URL, or run: scripts/services.sh postgres",
    greeting: startupMessage(decodeURIComponent(url.username), url.pathname.slice(1)),
    // "R" asks for or accepts the credentials; "E" refuses the role or the database.
    isItsAnswer: (answer) => answer.startsWith("R"),
  });
}

/** PostgreSQL's StartupMessage, protocol 3.0: length, version, then pairs of zero-terminated strings. */
function startupMessage(user: string, database: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(0x00_03_00_00, 4);
  return Buffer.concat([head, parameters]);
}

/** Redis: `RESTWAVE_REDIS_URL`, else the one on this machine. */
export function findRedis(env: NodeJS.ProcessEnv): Promise<Service> {
  return findServer("Redis", new URL(env.RESTWAVE_REDIS_URL ?? DEFAULT_REDIS), 6379, {
    how: "set RESTWAVE_REDIS_URL, or run: scripts/services.sh redis",
    greeting: Buffer.from("PING\r\n"),
    isItsAnswer: (answer) => answer.startsWith("+PONG") || answer.startsWith("-NOAUTH"),
  });
}

interface Probe {
  readonly how: string;
  readonly greeting: Buffer;
  isItsAnswer(answer: string): boolean;
}

async function findServer(name: string, url: URL, defaultPort: number, probe: Probe): Promise<Service> {
  const port = url.port === "" ? defaultPort : Number(url.port);
  const where = `${url.hostname}:${port}`;
  const answer = await firstAnswer(url.hostname, port, probe.greeting);
  if (answer === null) return { name, available: false, reason: `nothing answers at ${where}`, how: probe.how, address: "" };
  if (probe.isItsAnswer(answer)) return { name, available: true, reason: `found at ${where}`, how: probe.how, address: url.href };
  return { name, available: false, reason: `what answers at ${where} refuses or is something else`, how: probe.how, address: "" };
}

/** The first bytes that come back, or null when there are none within two seconds. */
function firstAnswer(host: string, port: number, greeting: Buffer): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.write(greeting));
    const finish = (answer: string | null): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => finish(null));
    socket.once("data", (bytes) => finish(bytes.toString("latin1")));
    socket.once("error", () => finish(null));
    socket.once("close", () => finish(null));
  });
}

const [postgres, redis] = await Promise.all([findPostgres(process.env), findRedis(process.env)]);

/** What this machine has. */
export const services = { chromium: findChromium(process.env), postgres, redis } as const;

/** What becomes of tests that need a service: they run, are skipped, or fail where `RESTWAVE_REQUIRE_SERVICES=1` wants it there. */
export function verdict(service: Service, env: NodeJS.ProcessEnv): "run" | "skip" | "fail" {
  if (service.available) return "run";
  return env.RESTWAVE_REQUIRE_SERVICES === "1" ? "fail" : "skip";
}

/** `describe` for tests that need a service; a skipped group prints one line that says why, and how to have it run. */
export function describeWith(service: Service, title: string, define: () => void | Promise<void>): void {
  switch (verdict(service, process.env)) {
    case "run":
      describe(title, define);
      break;
    case "skip":
      process.stdout.write(`skipped: ${title}: ${service.name} is missing, ${service.reason}; ${service.how}\n`);
      describe.skip(title, define);
      break;
    case "fail":
      describe(title, () => {
        test(`${service.name} is there`, () => expect.fail(`${service.reason}; ${service.how}`));
      });
  }
}
