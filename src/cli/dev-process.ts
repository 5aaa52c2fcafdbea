import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DEV_CHANNEL, type DevMessage } from "../transports/dev-message.ts";
import type { ReportMessage } from "./report-imports.ts";

/** How the server is started. */
export interface DevProcessOptions {
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** URLs of modules to import before it, in order. */
  readonly imports: readonly string[];
  readonly onMessage: (message: DevMessage | ReportMessage) => void;
}

/** The server as a process of its own. */
export class DevProcess {
  /** Resolves when it has ended: with its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;

  constructor({ entry, cwd, env, imports, onMessage }: DevProcessOptions) {
    const args = [...process.execArgv, ...imports.flatMap((url) => ["--import", url]), entry];
    this.#child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // In a process group of its own Ctrl+C does not reach it twice: from the terminal and from us.
      detached: process.platform !== "win32",
    });
    this.#child.on("message", (received: unknown) => {
      const message = parseMessage(received);
      if (message !== null) onMessage(message);
    });
    this.ended = ended(this.#child);
  }

  /** Asks it to end, and ends it when it does not within `patience` milliseconds. */
  async stop(signal: NodeJS.Signals, patience: number): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    const timer = setTimeout(() => this.kill(), patience);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? 1;
}

/** What a server of this very version says needs no closer look than whose it is. */
function parseMessage(received: unknown): DevMessage | ReportMessage | null {
  if (typeof received !== "object" || received === null || !(DEV_CHANNEL in received)) return null;
  return received[DEV_CHANNEL] as DevMessage | ReportMessage;
}
