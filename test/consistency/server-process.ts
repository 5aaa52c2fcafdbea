import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { lastingPort } from "../lasting-port.ts";
import type { DatabaseAddress } from "./domain.ts";

const program = fileURLToPath(new URL("server.ts", import.meta.url));

/** What a server process is started with besides its database. */
export interface ServerProcessOptions {
  /** Limits of `serve`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Is given every line that the server logs. Default: nothing is done with them. */
  readonly onLog?: (line: string) => void;
}

/** The server in a process of its own, which can be killed and comes back on the same port and database. */
export class ServerProcess {
  private child: ChildProcess | null = null;
  private port = 0;
  private readonly address: DatabaseAddress;
  private readonly options: ServerProcessOptions;

  constructor(address: DatabaseAddress, options: ServerProcessOptions = {}) {
    this.address = address;
    this.options = options;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Resolves when the server listens. */
  async start(): Promise<void> {
    const { engine, url } = this.address;
    const { limits = {}, onLog = () => {} } = this.options;
    const tsx = import.meta.resolve("tsx");
    if (this.port === 0) this.port = await lastingPort();
    const child = spawn(
      process.execPath,
      ["--conditions=restwave-source", "--import", tsx, program, engine, url, String(this.port), JSON.stringify(limits)],
      // The channel ends with this process, and the server with the channel: nothing outlives a run that was killed.
      { stdio: ["ignore", "pipe", "pipe", "ipc"], env: { PATH: process.env.PATH, HOME: process.env.HOME } },
    );
    this.child = child;
    const errors: string[] = [];
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new TypeError("The server has no output to read.");
    createInterface({ input: stderr }).on("line", (line) => {
      errors.push(line);
      if (errors.length > 50) errors.shift();
      onLog(line);
    });
    const first = await Promise.race([
      once(createInterface({ input: stdout }), "line").then(([line]) => String(line)),
      once(child, "exit").then(() => null),
    ]);
    if (first === null) throw new TypeError(`The server ended before it listened:\n${errors.join("\n")}`);
  }

  /** `kill -9`. Resolves when the process has gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }
}
