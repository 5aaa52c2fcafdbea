import { createServer, type Server, type Socket } from "node:net";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { listen } from "../../transports/node-ws/listen.ts";
import { type Direction, type Directions, eachDirection } from "./direction.ts";
import type { Fault } from "./fault.ts";
import type { LaneTraffic } from "./lane.ts";
import { describeMatcher, matchesMessage, type MessageMatcher } from "./message-matcher.ts";
import { OrderedFaults } from "./ordered-faults.ts";
import { ProxiedConnection } from "./proxied-connection.ts";
import { readTarget, type TargetAddress } from "./target-address.ts";
import { WaitList } from "./wait-list.ts";

/** What `FaultProxy.start` takes. */
export interface FaultProxyOptions {
  /** The server: `ws://127.0.0.1:8000`, with or without path and query. */
  readonly target: string;
}

/** A text message that came to a proxy. */
export interface ProxiedMessage {
  readonly direction: Direction;
  readonly text: string;
  /** The connection's number: 1 for the first that the proxy accepted. */
  readonly connection: number;
}

const HOST = "127.0.0.1";
const PATIENCE = 5000;
const MAX_DELAY = 2 ** 31 - 1;

/**
 * A network that misbehaves when it is told to: a TCP proxy on 127.0.0.1 in front of a WebSocket server.
 *
 * ```ts
 * const proxy = await FaultProxy.start({ target: server.url });
 * const client = await connectWebsocket(`${proxy.url}/ws/`);
 * const fault = proxy.dropAnswer({ action: "create" });
 * client.sendJson({ action: "create", data: { name: "Ada" }, request_id: 1 });
 * await fault.happened(); // the row was created, the client does not know
 * await proxy.close();
 * ```
 *
 * Until then all bytes pass as they are, but for the client's `Sec-WebSocket-Extensions`: it is taken out of the handshake, so that messages are
 * not compressed and can be read. Faults concern all connections. A fault that is ordered (those that return a `Fault`) happens once, to the
 * first message or byte that meets its condition on any of them; a message that has begun to pass is not affected, and neither is one beyond
 * 16 MiB. Times are in milliseconds.
 */
export class FaultProxy {
  /** Where clients connect: the target's address with the proxy's host and port. Stays the same until `close()`. */
  readonly url: string;
  private readonly server: Server;
  private target: TargetAddress;
  private readonly open = new Set<ProxiedConnection>();
  private readonly faults = new OrderedFaults();
  private readonly traffic: Readonly<Record<Direction, LaneTraffic>>;
  private readonly listeners = new Set<(message: ProxiedMessage) => void>();
  private readonly counts = new WaitList<void>();
  private readonly messages = new WaitList<ProxiedMessage>();
  private acceptedCount = 0;
  private refusedCount = 0;
  private isRefusing = false;
  private isBlackhole = false;
  private closing: Promise<void> | null = null;

  private constructor(server: Server, port: number, target: TargetAddress) {
    this.server = server;
    this.target = target;
    this.url = `ws://${HOST}:${port}${target.path}`;
    this.traffic = { toClient: this.trafficOf("toClient"), toServer: this.trafficOf("toServer") };
    server.on("connection", (client) => this.meet(client));
  }

  /**
   * Starts a proxy on a free port. The server need not run yet.
   *
   * @throws ImproperlyConfigured when `target` is no ws:// URL. ListenError when no port can be had.
   */
  static async start({ target }: FaultProxyOptions): Promise<FaultProxy> {
    const address = readTarget(target);
    const server = createServer({ allowHalfOpen: true });
    return new FaultProxy(server, await listen(server, 0, HOST), address);
  }

  /** How many connections are open now: those of which at least one side has not gone. */
  get connections(): number {
    return this.open.size;
  }

  /** How many connections were accepted in all; whether the server could be reached does not matter. */
  get accepted(): number {
    return this.acceptedCount;
  }

  /** How many connections were turned away in all because of `refuse()`. */
  get refused(): number {
    return this.refusedCount;
  }

  /** How many messages, text and binary, were passed on in full. What is held, delayed or dropped is not counted. */
  get passed(): Readonly<Record<Direction, number>> {
    return { toClient: this.traffic.toClient.passed, toServer: this.traffic.toServer.passed };
  }

  /** Resolves when `count` connections were accepted in all; default: at the next one. @throws WaitFailed after `timeoutMs`, or at `close()`. */
  async connected(count = this.acceptedCount + 1, timeoutMs = PATIENCE): Promise<void> {
    if (this.acceptedCount >= count) return;
    await this.counts.next(() => this.acceptedCount >= count, `${count} accepted connections`, timeoutMs);
  }

  /** Resolves when `count` connections were turned away in all; default: at the next one. @throws WaitFailed after `timeoutMs`, or at `close()`. */
  async turnedAway(count = this.refusedCount + 1, timeoutMs = PATIENCE): Promise<void> {
    if (this.refusedCount >= count) return;
    await this.counts.next(() => this.refusedCount >= count, `${count} refused connections`, timeoutMs);
  }

  /**
   * The next text message from now on that comes to the proxy. It may be passed on after that, or not: see `onMessage`.
   *
   * @param matches default: any.
   * @throws WaitFailed when none comes within `timeoutMs`, or at `close()`.
   */
  message(direction: Direction, matches: MessageMatcher = "", timeoutMs = PATIENCE): Promise<ProxiedMessage> {
    return this.messages.next(
      (message) => message.direction === direction && matchesMessage(matches, message.text),
      `${describeMatcher(matches)} ${direction === "toClient" ? "to the client" : "to the server"}`,
      timeoutMs,
    );
  }

  /**
   * Calls `listener` with every text message when all of it has come to the proxy: before its end is passed on, and also when it will be held,
   * delayed or dropped. Returns a function that ends this.
   */
  onMessage(listener: (message: ProxiedMessage) => void): () => void {
    const own = (message: ProxiedMessage): void => listener(message);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /**
   * Everything, handshakes and the ends of connections included, takes this much longer from now on, in its order. 0 ends it; what is on its way
   * still takes its time.
   *
   * @throws ImproperlyConfigured when `milliseconds` is negative or more than 2147483647.
   */
  delay(directions: Directions, milliseconds: number): void {
    if (!(milliseconds >= 0 && milliseconds <= MAX_DELAY)) {
      throw new ImproperlyConfigured(`Expected from 0 to ${MAX_DELAY} milliseconds as the delay, got ${milliseconds}.`);
    }
    for (const direction of eachDirection(directions)) this.traffic[direction].passage.delay = milliseconds;
  }

  /**
   * The network goes silent, and connections stay open: bytes are taken (up to 16 MiB on each connection) and go nowhere until `release()`, and
   * the end of one side is not told to the other. New connections are accepted and held as well.
   */
  hold(directions: Directions = "both"): void {
    this.setHeld(directions, true);
  }

  /** Ends `hold`. What was held comes in its order. */
  release(directions: Directions = "both"): void {
    this.setHeld(directions, false);
  }

  /**
   * The cable is pulled: the connections that are open, and those that are made until `restore()`, never carry anything any more in either
   * direction, and neither side is told, not even of the other's end. What was held or delayed is lost.
   */
  blackhole(): void {
    this.isBlackhole = true;
    for (const connection of this.open) connection.die();
  }

  /** Ends `blackhole` for connections that are made from now on. */
  restore(): void {
    this.isBlackhole = false;
  }

  /** Breaks all connections off at once, with a TCP reset to both sides. What was held or delayed is lost. */
  cut(): void {
    for (const connection of this.open) connection.cut();
  }

  /** Ends all connections in TCP's orderly way, and without a WebSocket close frame. What was held or delayed is lost. */
  end(): void {
    for (const connection of this.open) connection.end();
  }

  /**
   * Cuts the connection over which the `count`-th byte from now on passes, after that byte. Handshakes count.
   *
   * @throws ImproperlyConfigured when `count` is not a whole number from 1.
   */
  cutAfterBytes(direction: Direction, count: number): Fault {
    return this.faults.afterBytes(direction, `a cut after ${count} bytes`, count);
  }

  /**
   * Cuts the connection over which the `count`-th message from now on passes, after that message. Control frames and handshakes do not count.
   *
   * @throws ImproperlyConfigured when `count` is not a whole number from 1.
   */
  cutAfterMessages(direction: Direction, count = 1): Fault {
    return this.faults.onNthMessage(direction, "cutAfter", `a cut after ${count} messages`, count);
  }

  /**
   * Cuts the connection over which the `count`-th message from now on passes, when half of its bytes have passed.
   *
   * @throws ImproperlyConfigured when `count` is not a whole number from 1.
   */
  cutInMessage(direction: Direction, count = 1): Fault {
    return this.faults.onNthMessage(direction, "cutInside", `a cut in message ${count}`, count);
  }

  /** The next matching message to the client does not arrive, and its connection is cut: the request was run, and its answer is lost. */
  dropAnswer(matches: MessageMatcher): Fault {
    return this.onMatch("toClient", "cutBefore", "the loss of", matches);
  }

  /** The next matching message to the server does not arrive, and its connection is cut: the request was sent, and is not run. */
  dropRequest(matches: MessageMatcher): Fault {
    return this.onMatch("toServer", "cutBefore", "the loss of", matches);
  }

  /** The next matching message is delivered twice in a row, with the same bytes. */
  duplicate(direction: Direction, matches: MessageMatcher): Fault {
    return this.onMatch(direction, "double", "the doubling of", matches);
  }

  /** Resets new connections as soon as they are made. The port stays the proxy's. */
  refuse(): void {
    this.isRefusing = true;
  }

  /** Ends `refuse`. */
  accept(): void {
    this.isRefusing = false;
  }

  /** New connections lead to another server, as after a restart on another port. `url` stays. @throws ImproperlyConfigured when it is no ws:// URL. */
  retarget(target: string): void {
    this.target = readTarget(target);
  }

  /** Resets what is open and ends the proxy; those who wait for something of it are told. May be called more than once. */
  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      this.server.close(() => resolve());
      this.cut();
      for (const waits of [this.counts, this.messages, this.faults]) waits.close();
      this.listeners.clear();
    });
    return this.closing;
  }

  private trafficOf(direction: Direction): LaneTraffic {
    return { direction, passage: { delay: 0, isHeld: false }, faults: this.faults, passed: 0 };
  }

  private meet(client: Socket): void {
    if (this.isRefusing) {
      this.refusedCount += 1;
      client.resetAndDestroy();
    } else {
      this.acceptedCount += 1;
      this.carry(client, this.acceptedCount);
    }
    this.counts.offer();
  }

  private carry(client: Socket, number: number): void {
    const connection = new ProxiedConnection(client, this.isBlackhole ? null : this.target, this.traffic, {
      onText: (direction, text) => this.report({ direction, text, connection: number }),
      onGone: () => this.open.delete(connection),
    });
    this.open.add(connection);
  }

  private report(message: ProxiedMessage): void {
    this.messages.offer(message);
    for (const listener of this.listeners) listener(message);
  }

  private setHeld(directions: Directions, isHeld: boolean): void {
    for (const direction of eachDirection(directions)) {
      this.traffic[direction].passage.isHeld = isHeld;
      for (const connection of this.open) connection.move(direction);
    }
  }

  private onMatch(direction: Direction, blow: "cutBefore" | "double", what: string, matches: MessageMatcher): Fault {
    const meets = (text: string | null): boolean => text !== null && matchesMessage(matches, text);
    return this.faults.onMessage(direction, blow, `${what} ${describeMatcher(matches)}`, meets);
  }
}
