import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");

/** A new folder, removed after the test. */
export async function temporaryFolder(atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "restwave-example-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Says what to do at the end: of the test (`onTestFinished`), or of a group of tests. What was said last is done first. */
export type AtEnd = (cleanup: () => Promise<void>) => void;

/** The server of an example as a process of its own, as `npm start` and `npm run board` run it. */
export class ExampleProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = "";
  stderr = "";

  constructor(
    example: "quickstart" | "board",
    databaseUrl: string,
    port: number | string,
    { cwd = root, atEnd = onTestFinished }: { cwd?: string; atEnd?: AtEnd } = {},
  ) {
    const tsx = import.meta.resolve("tsx");
    const server = join(root, "examples", example, "server.ts");
    this.child = spawn(process.execPath, ["--conditions=restwave-source", "--import", tsx, server], {
      cwd,
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr?.on("data", (text: Buffer) => (this.stderr += text.toString()));
    this.exited = once(this.child, "close").then(([code]: (number | null)[]) => code ?? null);
    atEnd(async () => void (await this.stop("SIGKILL")));
  }

  /** The port, once the server says that it listens. */
  async port(): Promise<number> {
    for (;;) {
      const [, port] = /http:\/\/localhost:(\d+)\//.exec(this.stdout) ?? [];
      if (port !== undefined && this.stdout.includes("Ctrl+C")) return Number(port);
      const ended = await Promise.race([
        once(this.child.stdout ?? this.child, "data").then(() => false),
        this.exited.then(() => true),
      ]);
      if (ended) throw new TypeError(`The server ended before it listened: ${this.stderr}`);
    }
  }

  /** Ends the process and gives its exit code; null when it had to be killed. */
  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}
