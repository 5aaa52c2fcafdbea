import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const CLI = join(import.meta.dirname, "../../src/restwave.ts");

/** `restwave` as a process of its own, from this repository's source. */
export class CliProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code; null when it was killed. */
  readonly exited: Promise<number | null>;
  output = "";

  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    const runtime = ["--conditions=restwave-source", "--import", import.meta.resolve("tsx")];
    this.child = spawn(process.execPath, [...runtime, CLI, ...args], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (text: Buffer) => {
        this.output += text.toString();
      });
    this.exited = once(this.child, "close").then(([code]: (number | null)[]) => code ?? null);
    onTestFinished(async () => {
      this.child.kill("SIGTERM");
      await this.exited;
    });
  }

  /** What matches in what it has written after `from`, as soon as it does. */
  async says(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output.slice(from));
      if (found !== null) return found;
      const news = [this.child.stdout, this.child.stderr].map((stream) => once(stream ?? this.child, "data").then(() => true));
      const goesOn = await Promise.race([...news, this.exited.then(() => false)]);
      if (!goesOn && pattern.exec(this.output.slice(from)) === null)
        throw new TypeError(`It ended before it said ${String(pattern)}:\n${this.output}`);
    }
  }
}
