import { type ChildProcess, fork } from "node:child_process";
import type { LoadOrder, RunOrder, RunResult } from "./load.ts";
import type { ServerMessage, Usage } from "./server-reports.ts";

/** A process of the benchmark; its messages come one at a time, each the answer to what was asked. */
export class Child {
  private readonly process: ChildProcess;

  constructor(script: string, args: readonly string[], nodeOptions: readonly string[]) {
    this.process = fork(script, args, {
      execArgv: [...nodeOptions],
      serialization: "advanced",
      env: { ...process.env, NODE_ENV: "production" },
    });
  }

  protected next(): Promise<unknown> {
    const child = this.process;
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        child.off("exit", onExit);
        resolve(message);
      };
      const onExit = (code: number | null): void => {
        child.off("message", onMessage);
        reject(new Error(`A process of the benchmark ended with ${code} before it answered.`));
      };
      child.once("message", onMessage);
      child.once("exit", onExit);
    });
  }

  protected ask(message: object): Promise<unknown> {
    const answer = this.next();
    this.process.send(message);
    return answer;
  }

  /** Asks a process that obeys orders. @throws what went wrong there. */
  protected async order(order: object): Promise<unknown> {
    const answer = (await this.ask(order)) as { kind: "done"; result: unknown } | { kind: "failed"; message: string };
    if (answer.kind === "failed") throw new Error(answer.message);
    return answer.result;
  }

  protected async end(message?: object): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (message === undefined) this.process.disconnect();
    else this.process.send(message);
    await ended;
  }
}

/** A server under test. */
export class ServerProcess extends Child {
  private listening = 0;
  /** The number of the next request: no number is used twice, since `create` makes unique names of them. */
  nextNumber = 1;

  static async start(script: string, args: readonly string[], nodeOptions: readonly string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess(script, args, ["--expose-gc", ...nodeOptions]);
    const { port } = (await server.next()) as { port: number };
    server.listening = port;
    return server;
  }

  get port(): number {
    return this.listening;
  }

  /** With `collect`, after a full garbage collection. */
  async usage(collect: boolean): Promise<Usage> {
    const message: ServerMessage = { kind: "usage", collect };
    return (await this.ask(message)) as Usage;
  }

  stop(): Promise<void> {
    return this.end({ kind: "stop" } satisfies ServerMessage);
  }
}

/** The load generator. */
export class LoadProcess extends Child {
  constructor(script: string) {
    super(script, [], []);
  }

  async run(order: Omit<RunOrder, "kind">): Promise<RunResult> {
    return (await this.order({ ...order, kind: "run" } satisfies LoadOrder)) as RunResult;
  }

  async answers(port: number, scenario: string, numbers: readonly number[]): Promise<string[]> {
    return (await this.order({ kind: "answers", port, scenario, numbers } satisfies LoadOrder)) as string[];
  }

  async openIdle(port: number, connections: number): Promise<void> {
    await this.order({ kind: "idle", port, connections } satisfies LoadOrder);
  }

  async closeIdle(): Promise<void> {
    await this.order({ kind: "closeIdle" } satisfies LoadOrder);
  }

  stop(): Promise<void> {
    return this.end();
  }
}
