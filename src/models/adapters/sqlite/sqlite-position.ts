import type { Position, TransactionId } from "../../change-log/position.ts";

/** `epoch:offset`: one process writes at a time, so who has seen an offset has seen all before it. */
export class SqlitePosition implements Position {
  readonly epoch: string;
  readonly offset: number;

  constructor(epoch: string, offset: number) {
    this.epoch = epoch;
    this.offset = offset;
  }

  static parse(text: string): SqlitePosition | null {
    const [, epoch, digits] = /^([0-9a-f]{16}):(0|[1-9]\d{0,15})$/.exec(text) ?? [];
    const offset = Number(digits);
    return epoch === undefined || !Number.isSafeInteger(offset) ? null : new SqlitePosition(epoch, offset);
  }

  includes(transaction: TransactionId): boolean {
    return transaction <= this.offset;
  }

  covers(other: Position): boolean {
    return other instanceof SqlitePosition && other.epoch === this.epoch && other.offset <= this.offset;
  }

  union(other: Position): Position {
    return this.covers(other) || other.epoch !== this.epoch ? this : other;
  }

  toString(): string {
    return `${this.epoch}:${this.offset}`;
  }
}
