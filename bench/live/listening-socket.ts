import { connect, type Socket } from "node:net";
import { deferred, type Deferred } from "../deferred.ts";
import { handshake, maskedFrame } from "../client-socket.ts";

/** Where a socket goes, and what it speaks. */
export interface Address {
  readonly port: number;
  readonly path: string;
  readonly protocol: string | null;
}

/** All sockets of the process read into the same memory: what is read is looked at before the next read. */
const memory = Buffer.allocUnsafeSlow(256 * 1024);
/** The place in a frame where an answer without errors has the end of their list: `{"errors":[]`. */
const NO_ERRORS_AT = 11;
const CLOSING_BRACKET = 0x5d;

/**
 * A socket of one of many subscribers, as lean as can be: it counts the frames that it gets and looks at nothing in them but whether an answer has
 * errors. It answers no pings.
 */
export class ListeningSocket {
  /** Frames since it was opened. */
  frames = 0;
  private readonly socket: Socket;
  private readonly onFrame: (socket: ListeningSocket) => void;
  private readonly opened: Deferred<void> = deferred<void>();
  private isUpgraded = false;
  private readonly head = Buffer.alloc(10);
  private headLength = 0;
  /** Bytes of the present frame that are still to come. */
  private rest = 0;
  private answersDue = 0;
  private answered: Deferred<void> | null = null;

  constructor({ port, path, protocol }: Address, onFrame: (socket: ListeningSocket) => void) {
    this.onFrame = onFrame;
    const onread = { buffer: memory, callback: (length: number): boolean => this.take(length) };
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true, onread });
    this.socket.write(handshake(path, protocol));
    const fail = (error: Error): void => {
      this.opened.reject(error);
      this.answered?.reject(error);
    };
    this.socket.on("error", fail);
    this.socket.on("close", () => fail(new Error("The server closed a socket.")));
    // Later it shows in frames that stay away.
    this.opened.promise.catch(() => undefined);
  }

  whenOpen(): Promise<void> {
    return this.opened.promise;
  }

  /** Sends requests all at once; resolves when each has an answer without errors. */
  ask(requests: readonly string[]): Promise<void> {
    const answered = deferred<void>();
    this.answered = answered;
    this.answersDue = requests.length;
    this.socket.write(Buffer.concat(requests.map(maskedFrame)));
    return answered.promise;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(length: number): boolean {
    if (this.isUpgraded) this.read(length);
    else this.upgrade(memory.toString("latin1", 0, length));
    return true;
  }

  private upgrade(head: string): void {
    if (!head.startsWith("HTTP/1.1 101") || !head.endsWith("\r\n\r\n"))
      return this.opened.reject(new Error(`Expected an upgrade, got: ${head}`));
    this.isUpgraded = true;
    this.opened.resolve();
  }

  private read(length: number): void {
    let at = 0;
    while (at < length) {
      if (this.rest === 0) at = this.readHead(at, length);
      const step = Math.min(this.rest, length - at);
      if (step === 0) continue;
      at += step;
      this.rest -= step;
      if (this.rest === 0) this.endFrame();
    }
  }

  /** Takes a byte of the frame's head, which may come in parts. */
  private readHead(at: number, length: number): number {
    this.head[this.headLength++] = memory[at]!;
    const payload = payloadLength(this.head, this.headLength);
    if (payload === null) return at + 1;
    this.headLength = 0;
    this.rest = payload;
    const noErrorsAt = at + 1 + NO_ERRORS_AT;
    if (this.answersDue > 0 && noErrorsAt < length && memory[noErrorsAt] !== CLOSING_BRACKET)
      this.answered?.reject(new Error(`A subscription was refused: ${memory.toString("utf8", at + 1, length)}`));
    return at + 1;
  }

  private endFrame(): void {
    if (this.answersDue > 0) {
      this.answersDue -= 1;
      if (this.answersDue === 0) this.answered?.resolve();
      return;
    }
    this.frames += 1;
    this.onFrame(this);
  }
}

/** Null when the head is not complete. Frames of a server are not masked. */
function payloadLength(head: Buffer, length: number): number | null {
  if (length < 2) return null;
  const short = head[1]! & 0x7f;
  if (short < 126) return short;
  if (short === 126) return length < 4 ? null : head.readUInt16BE(2);
  return length < 10 ? null : Number(head.readBigUInt64BE(2));
}
