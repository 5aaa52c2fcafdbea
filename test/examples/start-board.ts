import { join } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Client, createClient } from "../../src/client.ts";
import type { routes } from "../../examples/board/routing.ts";
import { lastingPort } from "../lasting-port.ts";
import { ExampleProcess, temporaryFolder } from "./example-process.ts";

export type Username = "ada" | "grace" | "alan";

/** The board's server as a process of its own, with the data of its seed in a new file. */
export class BoardProcess {
  readonly port: number;
  private readonly process: ExampleProcess;
  private readonly file: string;

  private constructor(process: ExampleProcess, file: string, port: number) {
    this.process = process;
    this.file = file;
    this.port = port;
  }

  static async start(file?: string, port?: number): Promise<BoardProcess> {
    const databaseUrl = file ?? join(await temporaryFolder(), "board.db");
    const process = new ExampleProcess("board", databaseUrl, port ?? (await lastingPort()));
    return new BoardProcess(process, databaseUrl, await process.port());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it and starts it anew with the same data at the same port. Sessions end: the secret is made anew. */
  async restart(): Promise<BoardProcess> {
    await this.process.stop("SIGKILL");
    return BoardProcess.start(this.file, this.port);
  }

  async logIn(username: string, password: string): Promise<Response> {
    return this.send("POST", JSON.stringify({ username, password }), { "content-type": "application/json" });
  }

  send(method: string, body: string | null = null, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}/session`, { method, body, headers });
  }

  /** A client of somebody who is logged in, closed after the test. */
  async client(username: Username): Promise<Client<typeof routes>> {
    const response = await this.logIn(username, "board");
    return this.clientWith(response.headers.get("set-cookie")?.split(";")[0] ?? "");
  }

  /** A client with this `Cookie` header, closed after the test. */
  clientWith(cookie: string): Client<typeof routes> {
    class WithCookie extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols, { headers: { cookie } });
      }
    }
    const client = createClient<typeof routes>(`ws://127.0.0.1:${this.port}/ws/`, { WebSocket: WithCookie });
    onTestFinished(() => client.close());
    return client;
  }
}
