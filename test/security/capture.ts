import { inspect } from "node:util";
import type { WebSocket } from "ws";
import type { Logger } from "../../src/index.ts";
import { connectWebsocket, HandshakeRefused } from "../../src/testing.ts";
import { connectRaw, readUntil } from "../transports/raw-peer.ts";
import { onCleanup } from "../transports/test-server.ts";

export interface Answer {
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly action: unknown;
  readonly response_status: number;
  readonly request_id: unknown;
}

/** Everything that a server let out in one run: to clients, and to its log. */
export class Capture implements Logger {
  readonly outside: string[] = [];
  readonly log: string[] = [];

  error(details: object, message: string): void {
    this.log.push(
      `${message} ${inspect(details, { depth: Infinity, showHidden: true, breakLength: Infinity, maxStringLength: Infinity })}`,
    );
  }

  warn(details: object, message: string): void {
    this.error(details, message);
  }

  info(details: object, message: string): void {
    this.error(details, message);
  }

  /** Opens a socket whose every frame is captured. */
  async connect(url: string, session?: string): Promise<Peer> {
    const client = await connectWebsocket(url, session === undefined ? {} : { headers: { cookie: `session=${session}` } });
    client.socket.on("message", (data) => this.outside.push(String(data)));
    client.socket.on("close", (code, reason) => this.outside.push(`closed ${code} ${String(reason)}`));
    onCleanup(() => client.close());
    return new Peer(client.socket);
  }

  /** The status of a handshake that is expected to be refused. */
  async refused(url: string, session?: string): Promise<number> {
    try {
      await this.connect(url, session);
      return 101;
    } catch (error) {
      if (!(error instanceof HandshakeRefused)) throw error;
      this.outside.push(error.body);
      return error.status;
    }
  }

  /** Sends bytes to the port and gives the whole response as text. */
  async raw(port: number, request: string): Promise<string> {
    const socket = await connectRaw(port);
    socket.write(request);
    const response = await readUntil(socket, "\r\n\r\n");
    this.outside.push(response);
    socket.destroy();
    return response;
  }
}

/** Fewer than the server lets one connection have under way. */
const AT_ONCE = 50;

/** A client that pairs answers with its frames by `request_id`, plain or multiplexed. */
export class Peer {
  readonly socket: WebSocket;
  private readonly waiting = new Map<unknown, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  private next = 1;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("close", (code) => this.fail(new Error(`The socket closed with ${code}.`)));
    socket.on("message", (data) => this.receive(JSON.parse(String(data)) as Answer & { payload?: Answer }));
  }

  /** Sends a request and gives its first answer. */
  ask(frame: object, stream?: string): Promise<Answer> {
    const requestId = `r${this.next++}`;
    const payload = { ...frame, request_id: requestId };
    return this.answerTo(requestId, JSON.stringify(stream === undefined ? payload : { stream, payload }));
  }

  /** Sends many texts, some at a time, and gives their answers. */
  async askAll(requests: readonly { readonly id: string; readonly text: string }[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let start = 0; start < requests.length; start += AT_ONCE) {
      const some = requests.slice(start, start + AT_ONCE);
      answers.push(...(await Promise.all(some.map(({ id, text }) => this.answerTo(id, text)))));
    }
    return answers;
  }

  /** Sends a text as it is and gives the next answer whose `request_id` is `requestId`. */
  answerTo(requestId: unknown, text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.set(requestId, { resolve, reject });
      this.socket.send(text);
    });
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private receive(frame: Answer & { payload?: Answer }): void {
    const answer = frame.payload ?? frame;
    const take = this.waiting.get(answer.request_id);
    this.waiting.delete(answer.request_id);
    take?.resolve(answer);
  }
}
