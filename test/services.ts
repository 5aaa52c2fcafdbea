import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { describe, expect, test } from "vitest";

/** Something outside this process that some tests need. */
export interface Service {
  readonly name: string;
  readonly available: boolean;
  /** Where it was found, or why it was not. */
  readonly reason: string;
  /** What to do to have it. */
  readonly how: string;
  /** Where it is: a URL, or for a program the executable. Empty when it is not available. */
  readonly address: string;
}

const DEFAULT_POSTGRES = "postgres://restwave:restwave@127.0.0.1:5432/restwave_test";
const DEFAULT_REDIS = "redis://127.0.0.1:6379";
/** Where nothing listens the answer comes at once; a busy machine may stand still for seconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Chromium: `RESTWAVE_CHROMIUM`, else the first of the usual names in PATH. */
export function findChromium(env: NodeJS.ProcessEnv): Service {
  return findProgram(env, {
    name: "Chromium",
    service: "chromium",
    names: ["chromium", "chromium-browser", "google-chrome"],
    folder: "/usr/bin",
  });
}

/** Bun: `RESTWAVE_BUN`, else `bun` in PATH, else what `scripts/services.sh` has kept. */
export function findBun(env: NodeJS.ProcessEnv): Service {
  return findProgram(env, { name: "Bun", service: "bun", names: ["bun"], folder: join(cacheFolder(env), "restwave-bun") });
}

/** Deno: `RESTWAVE_DENO`, else `deno` in PATH, else what `scripts/services.sh` has kept. */
export function findDeno(env: NodeJS.ProcessEnv): Service {
  return findProgram(env, { name: "Deno", service: "deno", names: ["deno"], folder: join(cacheFolder(env), "restwave-deno") });
}

/** A Node that has a WebSocket of its own, 22 or later: this one, else `RESTWAVE_NODE`, else what `scripts/services.sh` has kept. */
export function findNode(env: NodeJS.ProcessEnv, hasWebSocket = globalThis.WebSocket !== undefined): Service {
  const kept = join(cacheFolder(env), "restwave-node");
  const found = findProgram(
    { ...env, PATH: kept },
    { name: "Node with WebSocket", service: "node", names: ["node"], folder: kept },
  );
  return hasWebSocket ? { ...found, available: true, reason: "it runs this", address: process.execPath } : found;
}

/** A Python 3 that has the package `websockets`: `RESTWAVE_PYTHON`, else `python3` in PATH, else Debian's own. */
export function findPython(env: NodeJS.ProcessEnv): Service {
  const how = "set RESTWAVE_PYTHON to a python3 that has the package websockets, or run: scripts/services.sh python";
  const candidates = env.RESTWAVE_PYTHON === undefined ? ["python3", "/usr/bin/python3"] : [env.RESTWAVE_PYTHON];
  const address = candidates.find((name) => spawnSync(name, ["-c", "import websockets"], { env }).status === 0);
  const base = { name: "Python with websockets", how };
  if (address !== undefined) return { ...base, available: true, reason: `found ${address}`, address };
  return { ...base, available: false, reason: `${candidates.join(" and ")} cannot import websockets`, address: "" };
}

interface Program {
  readonly name: string;
  /** What `scripts/services.sh` calls it. */
  readonly service: string;
  /** Of the executable. */
  readonly names: readonly string[];
  /** Where it may be besides PATH. */
  readonly folder: string;
}

function findProgram(env: NodeJS.ProcessEnv, { name, service, names, folder }: Program): Service {
  const variable = `RESTWAVE_${service.toUpperCase()}`;
  const how = `set ${variable} to its executable, or run: scripts/services.sh ${service}`;
  const chosen = env[variable];
  const folders = [...(env.PATH ?? "").split(delimiter), folder].filter((each) => each !== "");
  const candidates = chosen === undefined ? names.flatMap((each) => folders.map((place) => join(place, each))) : [chosen];
  const address = candidates.find(isExecutable);
  if (address !== undefined) return { name, available: true, reason: `found ${address}`, how, address };
  const isOrAre = names.length === 1 ? `${names[0]} is not` : `none of ${names.join(", ")} is`;
  const reason = chosen === undefined ? `${isOrAre} in PATH` : `${chosen} is not executable`;
  return { name, available: false, reason, how, address: "" };
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), ".cache");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL: `RESTWAVE_POSTGRES_URL`, else the test database that `scripts/services.sh` makes on this machine. It must let us in. */
export async function findPostgres(env: NodeJS.ProcessEnv): Promise<Service> {
  const url = new URL(env.RESTWAVE_POSTGRES_URL ?? DEFAULT_POSTGRES);
  const where = `${url.hostname}:${url.port === "" ? 5432 : url.port}`;
  const service = { name: "PostgreSQL", how: "set RESTWAVE_POSTGRES_URL, or run: scripts/services.sh postgres" };
  const refusal = await refusalOfPostgres(url);
  if (refusal === null) return { ...service, available: true, reason: `found at ${where}`, address: url.href };
  return { ...service, available: false, reason: `${where} says: ${refusal}`, address: "" };
}

/** Null when a connection can be opened. */
async function refusalOfPostgres(url: URL): Promise<string | null> {
  const client = new Client({ connectionString: url.href, connectionTimeoutMillis: ANSWER_WITHIN_MS });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error instanceof Error && error.message !== "" ? error.message : "nothing";
  } finally {
    await client.end().catch(() => undefined);
  }
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

/** The first bytes that come back, or null when none come in time. */
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
export const services = {
  chromium: findChromium(process.env),
  node: findNode(process.env),
  bun: findBun(process.env),
  deno: findDeno(process.env),
  python: findPython(process.env),
  postgres,
  redis,
} as const;

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
