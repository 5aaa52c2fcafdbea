import { join } from "node:path";
import { type LoadProcess, ServerProcess } from "../child.ts";
import { seed } from "../seed.ts";
import { AudienceProcess } from "./audience-process.ts";

/** What a scenario of live lists is given. */
export interface LiveBenchOptions {
  /** The folder of the compiled benchmark. */
  readonly folder: string;
  /** Where database files go. */
  readonly data: string;
  readonly load: LoadProcess;
  readonly isQuick: boolean;
  readonly rounds: number | undefined;
  /** Numbers of listening sockets. */
  readonly sockets: readonly number[];
  /** Numbers of subscriptions. */
  readonly subscriptions: readonly number[];
  readonly nodeOptions: readonly string[];
}

/** Starts what a scenario needs, and ends all of it. */
export class LiveBench {
  readonly options: LiveBenchOptions;
  private running: { stop(): Promise<void> }[] = [];
  private files = 0;

  constructor(options: LiveBenchOptions) {
    this.options = options;
  }

  /** A server of this folder, on a file of its own. */
  startServer(script: string, ...args: readonly string[]): Promise<ServerProcess> {
    const filename = join(this.options.data, `live-${(this.files += 1)}.db`);
    seed(filename);
    return this.startServerOn(filename, script, ...args);
  }

  async startServerOn(database: string, script: string, ...args: readonly string[]): Promise<ServerProcess> {
    const { folder, nodeOptions } = this.options;
    return this.keep(await ServerProcess.start(`${folder}live/${script}.js`, [database, ...args], nodeOptions));
  }

  startAudience(): AudienceProcess {
    return this.keep(new AudienceProcess(`${this.options.folder}live/audience.js`));
  }

  keep<T extends { stop(): Promise<void> }>(part: T): T {
    this.running.push(part);
    return part;
  }

  /** Ends everything that was started, the last first. */
  async stopAll(): Promise<void> {
    const parts = this.running.toReversed();
    this.running = [];
    for (const part of parts) await part.stop();
  }
}
