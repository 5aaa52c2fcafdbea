import assert from "node:assert/strict";
import type { Exchange } from "./exchanges.ts";
import { whenAtMostLive, whenEventsAreSent } from "./lab/live-consumers.ts";
import { operations } from "./lab/operations.ts";
import type { LabServer } from "./lab-server.ts";
import { LabSocket, type SocketEvent } from "./lab-socket.ts";
import { parsePythonJson } from "./python-json.ts";
import { isSameJson } from "./same-json.ts";
import { withoutPlace } from "./without-place.ts";

/** What Restwave does in place of a recorded step; `recvInAnyOrder` is for answers whose order is not promised. */
export interface ExpectedExchange extends Exchange {
  readonly recvInAnyOrder?: readonly string[];
}

/** Sent last, to see that nothing but its answer comes: a frame without action is answered at once by every consumer. */
const SENTINEL = { request_id: "sentinel" };

/** Plays the client's side of a case against the server and checks the server's side, step by step. */
export class CaseReplay {
  readonly #lab: LabServer;
  readonly #consumer: string;
  readonly #sockets = new Map<string, LabSocket>();
  /** Every text frame that the server sent. */
  readonly received: string[] = [];

  constructor(lab: LabServer, consumer: string) {
    this.#lab = lab;
    this.#consumer = consumer;
  }

  async run(exchanges: readonly ExpectedExchange[]): Promise<void> {
    try {
      if (observesAtOnce(exchanges)) await this.#socket();
      for (const exchange of exchanges) await this.#step(exchange);
    } finally {
      for (const socket of this.#sockets.values()) socket.terminate();
      await whenAtMostLive(0);
    }
  }

  async #step(exchange: ExpectedExchange): Promise<void> {
    if (exchange.op !== undefined) return this.#operate(exchange.op, exchange.result);
    if (exchange.open !== undefined) return this.#opened(exchange.sock, exchange.open.slice(1)).then(() => undefined);
    if (exchange.reject !== undefined) return this.#refused(exchange.reject);
    if (exchange.error !== undefined) return this.#complained(exchange.error);
    return this.#talk(exchange, await this.#socket(exchange.sock));
  }

  async #talk(exchange: ExpectedExchange, socket: LabSocket): Promise<void> {
    if (exchange.send !== undefined) return socket.sendText(exchange.send);
    if (exchange.send_binary_hex !== undefined) return socket.sendBinary(Buffer.from(exchange.send_binary_hex, "hex"));
    if (exchange.send_text_frame_hex !== undefined) return socket.sendText(Buffer.from(exchange.send_text_frame_hex, "hex"));
    if (exchange.recv !== undefined) return this.#receive(socket, exchange.recv);
    if (exchange.recvInAnyOrder !== undefined) return this.#receiveAll(socket, exchange.recvInAnyOrder);
    if (exchange.close !== undefined) return this.#closed(socket, exchange.close, exchange.reason ?? "");
    if (exchange.client_close !== undefined) return this.#closeByClient(socket, exchange.client_close);
    assert.equal(exchange.end, "open", `Unknown step ${JSON.stringify(exchange)}`);
    return this.#expectOpenAndSilent(socket);
  }

  /** What was sent before has reached the server, and what the operation causes has left it, when this resolves. */
  async #operate({ op, ...args }: NonNullable<Exchange["op"]>, expected: unknown): Promise<void> {
    const operation = operations[op];
    assert.ok(operation, `The lab has no operation "${op}".`);
    await Promise.all([...this.#sockets.values()].map((socket) => socket.roundTrip()));
    await whenAtMostLive([...this.#sockets.values()].filter((socket) => socket.isOpen).length);
    const result = await operation(args);
    await whenEventsAreSent();
    if (expected !== undefined) assert.deepEqual(result, expected);
  }

  async #socket(name = ""): Promise<LabSocket> {
    return this.#sockets.get(name) ?? this.#opened(name, this.#consumer);
  }

  async #opened(name = "", consumer: string): Promise<LabSocket> {
    const socket = this.#connect(consumer);
    this.#sockets.set(name, socket);
    const event = await socket.next("the handshake");
    assert.equal(event.kind, "open", `Expected an open socket, got ${describe(event)}`);
    return socket;
  }

  #connect(consumer: string, protocols: readonly string[] = []): LabSocket {
    const [route, query = ""] = consumer.split("?");
    const user = new URLSearchParams(query).get("user");
    const url = `${this.#lab.url}/${route}/${query === "" ? "" : `?${query}`}`;
    return new LabSocket(url, { protocols, headers: user === null ? {} : { cookie: `user=${user}` } });
  }

  async #refused(status: number): Promise<void> {
    const socket = this.#connect(this.#consumer);
    this.#sockets.set("", socket);
    const event = await socket.next("the refusal");
    assert.ok(event.kind === "reject" && event.status === status, `Expected a refusal with ${status}, got ${describe(event)}`);
  }

  /** The client offers sub-protocols that the server does not know, and closes because none was selected. */
  async #complained(message: string): Promise<void> {
    const socket = this.#connect(this.#consumer, ["one.v1", "two.v1"]);
    this.#sockets.set("", socket);
    const event = await socket.next("the client's complaint");
    assert.deepEqual(event, { kind: "error", message });
  }

  async #receive(socket: LabSocket, expected: string): Promise<void> {
    const event = await socket.next(clip(expected));
    const wanted = parsePythonJson(expected);
    const frame = withoutPlace(this.#frameOf(event, `the frame ${clip(expected)}`), wanted);
    if (isSameJson(frame, wanted)) return;
    assert.deepEqual(frame, wanted);
    assert.fail(`Expected ${clip(expected)}, got ${describe(event)}`);
  }

  async #receiveAll(socket: LabSocket, expected: readonly string[]): Promise<void> {
    const missing = expected.map(parsePythonJson);
    while (missing.length > 0) {
      const event = await socket.next(`one of ${clip(JSON.stringify(expected))}`);
      const frame = this.#frameOf(event, "a frame");
      const index = missing.findIndex((candidate) => isSameJson(withoutPlace(frame, candidate), candidate));
      assert.notEqual(index, -1, `Expected one of ${clip(JSON.stringify(expected))}, got ${describe(event)}`);
      missing.splice(index, 1);
    }
  }

  #frameOf(event: SocketEvent, wanted: string): unknown {
    assert.ok(event.kind === "frame", `Expected ${wanted}, got ${describe(event)}`);
    this.received.push(event.text);
    return parsePythonJson(event.text);
  }

  async #closed(socket: LabSocket, code: number, reason: string): Promise<void> {
    const event = await socket.next(`close ${code}`);
    assert.deepEqual(event, { kind: "close", code, reason });
  }

  async #closeByClient(socket: LabSocket, code: number): Promise<void> {
    socket.close(code);
    const event = await socket.next("the end of the connection");
    assert.ok(event.kind === "close" && event.code === code, `Expected close ${code} echoed, got ${describe(event)}`);
  }

  async #expectOpenAndSilent(socket: LabSocket): Promise<void> {
    await whenEventsAreSent();
    const multiplexed = this.#consumer.startsWith("demux");
    socket.sendText(JSON.stringify(multiplexed ? { stream: "items", payload: SENTINEL } : SENTINEL));
    const event = await socket.next("the answer to the sentinel");
    const frame = this.#frameOf(event, "the answer to the sentinel");
    assert.equal(
      requestIdOf(multiplexed ? Reflect.get(Object(frame), "payload") : frame),
      SENTINEL.request_id,
      `Expected no more frames, got ${describe(event)}`,
    );
    await this.#closeByClient(socket, 1000);
  }
}

/** Does the case wait for what nobody asked for, on a socket that must therefore be open before? */
function observesAtOnce([first, second]: readonly ExpectedExchange[]): boolean {
  return first?.op !== undefined && second?.recv !== undefined;
}

function requestIdOf(frame: unknown): unknown {
  return Reflect.get(Object(frame), "request_id");
}

function describe(event: SocketEvent): string {
  return clip(JSON.stringify(event));
}

function clip(text: string): string {
  return text.length <= 600 ? text : `${text.slice(0, 600)}…`;
}
