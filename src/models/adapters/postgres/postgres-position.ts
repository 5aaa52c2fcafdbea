import type { Position, TransactionId } from "../../change-log/position.ts";

const EPOCH = /^[0-9a-f]{16}$/;
const NUMBER = /^[1-9]\d{0,15}$/;
/** A position lists the transactions that were under way: thousands of them fit. */
const MAX_LENGTH = 32_768;

/**
 * A set of transactions that a reader has seen: all below `end` but for `unseen`. Transactions that did nothing, or rolled back, are in it or
 * not, which makes no difference.
 */
export class PostgresPosition implements Position {
  readonly epoch: string;
  /** The first transaction number that is beyond everything seen; the one before it is seen. */
  readonly end: TransactionId;
  /** Ascending, below `end`. */
  readonly unseen: readonly TransactionId[];
  readonly #unseen: ReadonlySet<TransactionId>;
  #text: string | undefined;

  /** @param unseen ascending. */
  constructor(epoch: string, end: TransactionId, unseen: readonly TransactionId[]) {
    let count = unseen.length;
    let last = end;
    while (count > 0 && (unseen[count - 1] ?? 0) >= last - 1) {
      last = Math.min(last, unseen[count - 1] ?? 0);
      count -= 1;
    }
    this.epoch = epoch;
    this.end = last;
    this.unseen = count === unseen.length ? unseen : unseen.slice(0, count);
    this.#unseen = new Set(this.unseen);
  }

  /** The least transaction number that may not be seen. */
  get firstUnseen(): TransactionId {
    return this.unseen[0] ?? this.end;
  }

  includes(transaction: TransactionId): boolean {
    return transaction < this.end && !this.#unseen.has(transaction);
  }

  covers(other: Position): boolean {
    if (!(other instanceof PostgresPosition) || other.epoch !== this.epoch) return false;
    return other.end <= this.end && this.unseen.every((transaction) => !other.includes(transaction));
  }

  /** What a reader has seen that has seen both. */
  union(other: Position): PostgresPosition {
    if (!(other instanceof PostgresPosition) || other.epoch !== this.epoch) return this;
    const unseen = [
      ...this.unseen.filter((transaction) => !other.includes(transaction)),
      ...other.unseen.filter((transaction) => !this.includes(transaction)),
    ];
    const ascending = [...new Set(unseen)].toSorted((a, b) => a - b);
    return new PostgresPosition(this.epoch, Math.max(this.end, other.end), ascending);
  }

  /** The same without some transactions, and without those from `end` on. */
  without(transactions: Iterable<TransactionId>, end: TransactionId): PostgresPosition {
    const limit = Math.min(this.end, end);
    const unseen = new Set([...this.unseen, ...transactions].filter((transaction) => transaction < limit));
    return new PostgresPosition(
      this.epoch,
      limit,
      [...unseen].toSorted((a, b) => a - b),
    );
  }

  /** `epoch:end`, then the distances of those not seen, each from the one above it. */
  toString(): string {
    this.#text ??= this.#write();
    return this.#text;
  }

  #write(): string {
    const distances = this.unseen.map((transaction, index) => (this.unseen[index + 1] ?? this.end) - transaction);
    const tail = distances.length === 0 ? "" : `:${distances.toReversed().join(",")}`;
    return `${this.epoch}:${this.end}${tail}`;
  }
}

/** The position that `toString` wrote; null for every other text. */
export function parsePostgresPosition(text: string): PostgresPosition | null {
  if (text.length > MAX_LENGTH) return null;
  const [epoch = "", end = "", distances, ...rest] = text.split(":");
  if (rest.length > 0 || !EPOCH.test(epoch) || !isSafe(end)) return null;
  const unseen = distances === undefined ? [] : transactionsBelow(Number(end), distances.split(","));
  if (unseen === null) return null;
  const position = new PostgresPosition(epoch, Number(end), unseen);
  return position.toString() === text ? position : null;
}

/** The position of `pg_current_snapshot()`; `own` is the reader's own transaction, which the snapshot does not list although it is not committed. */
export function positionOfSnapshot(epoch: string, snapshot: string, own: string | null): PostgresPosition {
  const [, end = "", running = ""] = snapshot.split(":");
  const unseen = running === "" ? [] : running.split(",").map(Number);
  if (own !== null) unseen.push(Number(own));
  return new PostgresPosition(
    epoch,
    Number(end),
    unseen.filter((transaction) => transaction < Number(end)).toSorted((a, b) => a - b),
  );
}

function transactionsBelow(end: TransactionId, distances: readonly string[]): TransactionId[] | null {
  const transactions: TransactionId[] = [];
  let last = end;
  for (const distance of distances) {
    if (!isSafe(distance)) return null;
    last -= Number(distance);
    if (last < 1) return null;
    transactions.push(last);
  }
  return transactions.toReversed();
}

function isSafe(digits: string): boolean {
  return NUMBER.test(digits) && Number.isSafeInteger(Number(digits));
}
