import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { connectWebsocket, type WebsocketClient } from "../../src/testing.ts";

const root = join(import.meta.dirname, "../..");
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A place for a database file, removed after the test. */
export async function temporaryDatabase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "restwave-quickstart-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "quickstart.db");
}

/** The quickstart's server as a process of its own, as `npm start` runs it. */
export class QuickstartProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = "";
  stderr = "";

  constructor(databaseUrl: string, port: number | string, cwd = root) {
    const tsx = import.meta.resolve("tsx");
    const server = join(root, "examples/quickstart/server.ts");
    this.child = spawn(process.execPath, ["--conditions=restwave-source", "--import", tsx, server], {
      cwd,
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr?.on("data", (text: Buffer) => (this.stderr += text.toString()));
    this.exited = once(this.child, "close").then(([code]: (number | null)[]) => code ?? null);
    cleanups.push(() => this.stop("SIGKILL"));
  }

  /** The port, once the server says that it listens. */
  async port(): Promise<number> {
    for (;;) {
      const [, port] = /http:\/\/localhost:(\d+)\//.exec(this.stdout) ?? [];
      if (port !== undefined && this.stdout.includes("Ctrl+C")) return Number(port);
      const ended = await Promise.race([once(this.child.stdout ?? this.child, "data").then(() => false), this.exited.then(() => true)]);
      if (ended) throw new TypeError(`The quickstart ended before it listened: ${this.stderr}`);
    }
  }

  /** Ends the process and gives its exit code; null when it had to be killed. */
  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}

export interface RunningQuickstart {
  readonly process: QuickstartProcess;
  readonly port: number;
  readonly databaseUrl: string;
  connect(): Promise<WebsocketClient>;
}

/** Starts the quickstart, on a free port unless one is chosen, and waits until it listens. Ended after the test. */
export async function startQuickstart(databaseUrl?: string, chosenPort = 0): Promise<RunningQuickstart> {
  const file = databaseUrl ?? (await temporaryDatabase());
  const server = new QuickstartProcess(file, chosenPort);
  const port = await server.port();
  const connect = async () => {
    const client = await connectWebsocket(`ws://127.0.0.1:${port}/ws/`);
    cleanups.push(() => client.close());
    return client;
  };
  return { process: server, port, databaseUrl: file, connect };
}
