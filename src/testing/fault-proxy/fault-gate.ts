import type { Direction } from "./direction.ts";
import type { OrderedFault } from "./fault.ts";
import type { FramePiece } from "./frame-scanner.ts";
import type { Blow, OrderedFaults } from "./ordered-faults.ts";

/** What one direction of a connection carries on, in order. */
export type Parcel =
  | {
      readonly kind: "bytes";
      readonly bytes: Buffer;
      /** How many messages end with it. */
      readonly messages: number;
      /** The fault that has happened when it has gone. */
      readonly fault: OrderedFault | null;
    }
  | { readonly kind: "end" }
  | { readonly kind: "cut"; readonly fault: OrderedFault | null };

/** Longer messages are let go before they are complete, and meet no fault. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * Where one direction of a connection meets the ordered faults. While one is ordered, a message is kept until it is complete; a message that had
 * begun before passes.
 */
export class FaultGate {
  private readonly direction: Direction;
  private readonly faults: OrderedFaults;
  private readonly send: (parcel: Parcel) => void;
  private kept: FramePiece[] | null = null;
  private keptBytes = 0;
  private isShut = false;

  constructor(direction: Direction, faults: OrderedFaults, send: (parcel: Parcel) => void) {
    this.direction = direction;
    this.faults = faults;
    this.send = send;
  }

  push(piece: FramePiece): void {
    if (this.isShut) return;
    if (piece.isFirst && this.faults.concern(this.direction)) this.kept = [];
    if (this.kept === null) return this.passPiece(piece);
    this.kept.push(piece);
    this.keptBytes += piece.bytes.length;
    if (piece.isLast) this.judge(this.takeKept(), piece.text);
    else if (piece.kind === "other" || this.keptBytes > MAX_MESSAGE_BYTES) this.letGo();
  }

  /** No more will come than `rest`: what was kept back passes. */
  finish(rest: Buffer): void {
    this.letGo();
    if (rest.length > 0) this.pass(rest, 0, null);
    this.isShut = true;
  }

  /** Nothing passes any more. */
  shut(): void {
    this.isShut = true;
    this.kept = null;
  }

  private judge(pieces: readonly FramePiece[], text: string | null): void {
    const { copies, cut } = this.faults.judge(this.direction, text);
    if (cut !== null) return this.cut(pieces, cut.fault, cut.blow);
    for (const piece of pieces) this.passPiece(piece);
    for (const fault of copies) this.pass(joined(pieces.filter(({ kind }) => kind === "message")), 1, fault);
  }

  private cut(pieces: readonly FramePiece[], fault: OrderedFault, blow: Exclude<Blow, "double">): void {
    const bytes = joined(pieces);
    if (blow === "cutInside") this.pass(bytes.subarray(0, Math.floor(bytes.length / 2)), 0, null);
    if (blow === "cutAfter") this.pass(bytes, 1, null);
    this.sendCut(fault);
  }

  private letGo(): void {
    for (const piece of this.takeKept()) this.passPiece(piece);
  }

  private takeKept(): readonly FramePiece[] {
    const kept = this.kept ?? [];
    this.kept = null;
    this.keptBytes = 0;
    return kept;
  }

  private passPiece(piece: FramePiece): void {
    this.pass(piece.bytes, piece.isLast ? 1 : 0, null);
  }

  private pass(bytes: Buffer, messages: number, fault: OrderedFault | null): void {
    if (this.isShut) return;
    const strike = this.faults.count(this.direction, bytes.length);
    if (strike === null) return this.send({ kind: "bytes", bytes, messages, fault });
    const isWhole = strike.at === bytes.length;
    this.send({ kind: "bytes", bytes: bytes.subarray(0, strike.at), messages: isWhole ? messages : 0, fault });
    this.sendCut(strike.fault);
  }

  private sendCut(fault: OrderedFault): void {
    if (this.isShut) return;
    this.isShut = true;
    this.send({ kind: "cut", fault });
  }
}

function joined(pieces: readonly FramePiece[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}
