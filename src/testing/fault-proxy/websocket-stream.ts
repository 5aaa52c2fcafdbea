import type { Direction } from "./direction.ts";
import { type FramePiece, FrameScanner, otherPiece } from "./frame-scanner.ts";

const MAX_HEAD_BYTES = 65_536;
const END_OF_HEAD = "\r\n\r\n";
const EXTENSIONS = /^sec-websocket-extensions:.*\r\n(?:[ \t].*\r\n)*/gim;

/**
 * One direction of a connection from its first byte: the head of the handshake, then frames. It takes `Sec-WebSocket-Extensions` out of what
 * the client asks for, so that no message is compressed; for that the client's head is kept back until it is complete. What is no WebSocket
 * handshake goes through as it is.
 */
export class WebsocketStream {
  private readonly direction: Direction;
  private readonly scanner: FrameScanner;
  private phase: "head" | "frames" | "other" = "head";
  private head: Buffer = Buffer.alloc(0);
  /** How much of the head has gone on. */
  private passed = 0;

  constructor(direction: Direction, maxTextBytes: number) {
    this.direction = direction;
    this.scanner = new FrameScanner(maxTextBytes);
  }

  push(chunk: Buffer): FramePiece[] {
    if (this.phase === "frames") return this.scanner.push(chunk);
    if (this.phase === "other") return [otherPiece(chunk)];
    this.head = Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf(END_OF_HEAD);
    return end === -1 ? this.continueHead() : this.endHead(end + END_OF_HEAD.length);
  }

  /** What is kept back because more of it may come. */
  rest(): Buffer {
    return this.phase === "frames" ? this.scanner.rest() : this.head.subarray(this.passed);
  }

  private continueHead(): FramePiece[] {
    if (this.head.length > MAX_HEAD_BYTES) this.phase = "other";
    else if (this.direction === "toServer") return [];
    return [otherPiece(this.passHead(this.head.length))];
  }

  private endHead(length: number): FramePiece[] {
    const head = this.head.toString("latin1", 0, length);
    const behind = this.head.subarray(length);
    const bytes = this.passHead(length);
    this.head = this.head.subarray(0, length);
    this.phase = this.isHandshake(head) ? "frames" : "other";
    const isAsking = this.phase === "frames" && this.direction === "toServer";
    const piece = otherPiece(isAsking ? Buffer.from(head.replaceAll(EXTENSIONS, ""), "latin1") : bytes);
    return behind.length === 0 ? [piece] : [piece, ...this.push(behind)];
  }

  private passHead(end: number): Buffer {
    const bytes = this.head.subarray(this.passed, end);
    this.passed = end;
    return bytes;
  }

  private isHandshake(head: string): boolean {
    return this.direction === "toServer" ? /^upgrade:[ \t]*websocket/im.test(head) : /^HTTP\/1\.1 101\b/.test(head);
  }
}
