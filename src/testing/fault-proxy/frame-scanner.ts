import { type FrameHead, isControl, Opcode, readFrameHead } from "./frame-head.ts";

/** Bytes as they came, never of more than one frame. */
export interface FramePiece {
  readonly bytes: Buffer;
  /** "other" is what comes before the frames, or instead of them. */
  readonly kind: "message" | "control" | "other";
  /** A message begins with it. */
  readonly isFirst: boolean;
  /** A message ends with it. */
  readonly isLast: boolean;
  /** The text of the message that ends; null for a binary message, and for one that is too long to be kept. */
  readonly text: string | null;
}

interface OpenFrame {
  readonly head: FrameHead;
  /** How much of the payload was seen. */
  seen: number;
}

interface OpenMessage {
  parts: Buffer[];
  length: number;
  isKept: boolean;
}

const EMPTY = Buffer.alloc(0);

/**
 * Finds the messages in one direction of a WebSocket connection without extensions, in chunks of any size. It changes nothing: the pieces, put
 * together, are what came. After bytes that are no frame it looks at nothing any more and lets everything through.
 */
export class FrameScanner {
  private readonly maxTextBytes: number;
  private head: Buffer = EMPTY;
  private frame: OpenFrame | null = null;
  private message: OpenMessage | null = null;
  private isBlind = false;

  /** @param maxTextBytes messages beyond it have no text. */
  constructor(maxTextBytes: number) {
    this.maxTextBytes = maxTextBytes;
  }

  /** The next bytes, but for those of a frame's head that is not complete yet. */
  push(chunk: Buffer): FramePiece[] {
    const bytes = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    this.head = EMPTY;
    const pieces: FramePiece[] = [];
    for (let at = 0; at < bytes.length; at += pieces.at(-1)?.bytes.length ?? 0) {
      const piece = this.nextPiece(bytes.subarray(at));
      if (piece === null) {
        this.head = bytes.subarray(at);
        break;
      }
      pieces.push(piece);
    }
    return pieces;
  }

  /** What is kept back of a frame's head. */
  rest(): Buffer {
    return this.head;
  }

  private nextPiece(bytes: Buffer): FramePiece | null {
    if (this.isBlind) return otherPiece(bytes);
    if (this.frame !== null) return this.piece(this.frame, bytes, 0);
    const head = readFrameHead(bytes);
    if (head === null) return null;
    if (head === "invalid" || !this.fits(head)) {
      this.isBlind = true;
      return otherPiece(bytes);
    }
    this.frame = { head, seen: 0 };
    if (head.opcode === Opcode.text || head.opcode === Opcode.binary) {
      this.message = { parts: [], length: 0, isKept: head.opcode === Opcode.text };
    }
    return this.piece(this.frame, bytes, head.length);
  }

  /** Only a message that has begun can be continued, and it must end before the next. */
  private fits({ opcode }: FrameHead): boolean {
    return isControl(opcode) || (opcode === Opcode.continuation) === (this.message !== null);
  }

  private piece(frame: OpenFrame, bytes: Buffer, headLength: number): FramePiece {
    const { head } = frame;
    const end = Math.min(bytes.length, headLength + head.payloadLength - frame.seen);
    const kind = isControl(head.opcode) ? "control" : "message";
    if (kind === "message") this.keep(bytes.subarray(headLength, end), frame);
    frame.seen += end - headLength;
    const isFrameOver = frame.seen === head.payloadLength;
    if (isFrameOver) this.frame = null;
    const isLast = kind === "message" && isFrameOver && head.isFinal;
    const isFirst = kind === "message" && headLength > 0 && head.opcode !== Opcode.continuation;
    return { bytes: bytes.subarray(0, end), kind, isFirst, isLast, text: isLast ? this.takeText() : null };
  }

  private keep(payload: Buffer, { head, seen }: OpenFrame): void {
    if (this.message === null || !this.message.isKept) return;
    this.message.length += payload.length;
    if (this.message.length > this.maxTextBytes) this.message = { parts: [], length: 0, isKept: false };
    else this.message.parts.push(head.mask === null ? payload : unmask(payload, head.mask, seen));
  }

  private takeText(): string | null {
    const message = this.message;
    this.message = null;
    return message?.isKept === true ? Buffer.concat(message.parts).toString() : null;
  }
}

/** Bytes that are no part of a frame. */
export function otherPiece(bytes: Buffer): FramePiece {
  return { bytes, kind: "other", isFirst: false, isLast: false, text: null };
}

function unmask(payload: Buffer, mask: Uint8Array, offset: number): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[(offset + index) % mask.length] ?? 0)));
}
