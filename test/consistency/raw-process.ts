import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DatabaseAddress } from "./domain.ts";

const program = fileURLToPath(new URL("raw-writer.ts", import.meta.url));

/** Writes raw SQL from a process of its own. One transaction at a time. */
export class RawProcess {
  private readonly child: ChildProcess;
  private readonly isSqlite: boolean;
  private transactions = 0;

  private constructor(child: ChildProcess, isSqlite: boolean) {
    this.child = child;
    this.isSqlite = isSqlite;
  }

  static async start({ engine, url }: DatabaseAddress): Promise<RawProcess> {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), program, engine, url], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    await once(child, "message");
    return new RawProcess(child, engine === "sqlite");
  }

  /** Runs statements in one transaction. @returns whether it did what it should; false: the database refused it. */
  async transact(statements: readonly string[], end: "COMMIT" | "ROLLBACK" = "COMMIT"): Promise<boolean> {
    const token = `raw-${this.child.pid}-${(this.transactions += 1)}`;
    const named = this.isSqlite
      ? [`UPDATE ledger_token SET token = '${token}'`, ...statements, "UPDATE ledger_token SET token = NULL"]
      : statements;
    return this.run([this.isSqlite ? "BEGIN IMMEDIATE" : "BEGIN", ...named, end].join(";\n"));
  }

  /** Runs SQL text as it is. */
  async run(sql: string): Promise<boolean> {
    this.child.send(sql);
    const [answer] = await once(this.child, "message");
    return answer === "done";
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}
