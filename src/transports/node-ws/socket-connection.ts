import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { Connection } from "../../consumers/connection.ts";
import type { ConsumerSettings } from "../../consumers/settings.ts";
import { CloseCode, isSendableCloseCode } from "../../protocol/close-codes.ts";
import type { Identity } from "../../protocol/scope.ts";
import type { Flushable, FlushSchedule } from "./flush-schedule.ts";
import { Outbox } from "./outbox.ts";
import type { Revocations } from "./revocations.ts";
import type { ConnectionLimits } from "./server-options.ts";
import { Stall } from "./stall.ts";
import { binaryFrame, type FrameBytes, textFrame } from "./websocket-frame.ts";
import type { WebsocketScope } from "./websocket-scope.ts";

/** Asks who is at the other end. */
export type Prove = () => Promise<Identity | null>;

/** Whose connection it is: knows the consumers behind it. */
export interface ConnectionOwner {
  identify(prove: Prove): Promise<boolean>;
}

/** What all connections of a server share. */
export interface ConnectionContext {
  readonly settings: ConsumerSettings;
  readonly limits: ConnectionLimits;
  readonly schedule: FlushSchedule;
  readonly revocations: Revocations;
  /** Asks the handshake's credentials who is connected. */
  readonly authenticate: (scope: WebsocketScope) => Promise<Identity | null>;
}

/** The two ends of an open WebSocket: `ws` reads and closes, frames are written to the stream. */
export interface OpenSocket {
  readonly websocket: WebSocket;
  readonly stream: Duplex;
}

/** More than this leaves at once instead of at the end of the tick. */
const JOIN_BYTES = 64 * 1024;

/**
 * The sending half of one client's socket. What is sent before the upgrade is complete waits until it is; what is sent after the end is
 * dropped.
 */
export class SocketConnection implements Connection, Flushable {
  readonly scope: WebsocketScope;
  private readonly context: ConnectionContext;
  private readonly owner: ConnectionOwner;
  private readonly outbox = new Outbox();
  private socket: OpenSocket | null = null;
  private closing: { readonly code: number; readonly reason: string } | null = null;
  private isScheduled = false;
  /** Then `ws` writes. Frames sent before the upgrade stay uncompressed, which RFC 7692 allows for each message. */
  private isCompressed = false;
  private stall: Stall | null = null;
  private heartbeatListener: (() => void) | null = null;

  constructor(context: ConnectionContext, scope: WebsocketScope, owner: ConnectionOwner) {
    this.context = context;
    this.owner = owner;
    this.scope = scope;
  }

  get settings(): ConsumerSettings {
    return this.context.settings;
  }

  /** The code that this side closed with, or null. */
  get closeCode(): number | null {
    return this.closing?.code ?? null;
  }

  /** Has the reader taken nothing since `stalledBefore`, though much waits for it? Times are `performance.now()`. */
  isStalledSince(stalledBefore: number): boolean {
    return this.stall !== null && this.stall.lastProgress <= stalledBefore;
  }

  get isStalled(): boolean {
    return this.stall !== null;
  }

  get bufferedBytes(): number {
    return this.outbox.bytes + (this.socket?.websocket.bufferedAmount ?? 0);
  }

  open(socket: OpenSocket): void {
    this.socket = socket;
    this.writeOut();
    this.isCompressed = socket.websocket.extensions !== "";
    if (this.closing !== null) this.sendClose(socket, this.closing.code, this.closing.reason);
  }

  send(text: string): void {
    if (!this.hasRoom()) return;
    if (this.isCompressed) this.sendCompressed(text);
    else this.enqueue(textFrame(text));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.hasRoom()) return;
    if (this.isCompressed) this.sendCompressed(bytes);
    else this.enqueue(binaryFrame(bytes));
  }

  whenWritable(): Promise<void> | null {
    if (this.outbox.bytes > 0) this.writeOut();
    return this.stall?.over ?? null;
  }

  identify(prove: Prove): Promise<boolean> {
    return this.owner.identify(prove);
  }

  close(code: number = CloseCode.normal, reason = ""): void {
    if (this.closing !== null) return;
    this.closing = { code: isSendableCloseCode(code) ? code : CloseCode.internalError, reason: fitReason(reason) };
    if (this.socket !== null) this.sendClose(this.socket, this.closing.code, this.closing.reason);
  }

  onHeartbeat(listener: () => void): void {
    this.heartbeatListener = listener;
  }

  ping(): void {
    if (this.socket?.websocket.readyState !== WebSocket.OPEN) return;
    this.socket.websocket.ping();
    this.heartbeatListener?.();
  }

  /** Cuts the socket off. The peer sees the close frame of an earlier `close` if it can still be reached. */
  terminate(): void {
    this.socket?.websocket.terminate();
  }

  /** Nobody listens any more: lets go of what waits. */
  release(): void {
    this.outbox.clear();
    this.endStall();
  }

  flush(): void {
    this.isScheduled = false;
    this.writeOut();
  }

  private writeOut(): void {
    const { socket, outbox } = this;
    if (socket === null) return;
    if (socket.websocket.readyState !== WebSocket.OPEN) return outbox.clear();
    if (socket.stream.writableLength + outbox.bytes <= this.context.limits.softBufferedBytes) return outbox.flush(socket.stream);
    this.beginStall(socket);
    outbox.flush(socket.stream, () => this.afterWrite());
  }

  private enqueue(frame: FrameBytes): void {
    this.outbox.push(frame);
    if (this.socket === null) return;
    if (this.outbox.bytes > JOIN_BYTES) return this.writeOut();
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.context.schedule.add(this);
  }

  private sendCompressed(data: string | Uint8Array): void {
    const { socket } = this;
    if (socket === null) return;
    socket.websocket.send(data, () => this.afterWrite());
    if (socket.websocket.bufferedAmount > this.context.limits.softBufferedBytes) this.beginStall(socket);
  }

  private hasRoom(): boolean {
    if (this.closing !== null) return false;
    if (this.bufferedBytes < this.context.limits.maxBufferedBytes) return true;
    this.close(CloseCode.slowConsumer, "The peer reads too slowly.");
    return false;
  }

  private sendClose({ websocket }: OpenSocket, code: number, reason: string): void {
    this.writeOut();
    this.endStall();
    websocket.close(code, reason);
  }

  private beginStall({ websocket }: OpenSocket): void {
    if (this.stall !== null) return;
    this.stall = new Stall();
    websocket.pause();
  }

  private afterWrite(): void {
    if (this.stall === null) return;
    this.stall.progress();
    if (this.bufferedBytes <= this.context.limits.softBufferedBytes) this.endStall();
  }

  private endStall(): void {
    if (this.stall === null) return;
    this.stall.end();
    this.stall = null;
    this.socket?.websocket.resume();
  }
}

/** A close frame has room for 123 bytes of UTF-8 (RFC 6455 section 5.5); only whole characters are kept. */
function fitReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(123));
  return reason.slice(0, read);
}
