import type { Matters } from "./position-order.ts";
import type { Row } from "./subscription-log.ts";

/** One write to one row, as the database itself noted it in the writing transaction. */
export interface LedgerEntry {
  /** Rises in the order in which writes ran. */
  readonly seq: number;
  readonly pk: number;
  /** The writes of one transaction have the same. */
  readonly transaction: string;
  /** The row after it; null: deleted. */
  readonly row: Row | null;
  /** May the server have read it together with the transaction that follows (SQLite: a writer that marks no ends)? */
  readonly unmarked: boolean;
}

/** Everything that was ever committed, by row, in the order of its writes. */
export class Ledger {
  /** Is it a transaction that wrote? Undefined where positions name transactions in another way than the ledger. */
  readonly matters: Matters | undefined;
  private readonly histories = new Map<number, LedgerEntry[]>();

  /** @param namesTransactions are the ledger's names of transactions those of positions? Default: no. */
  constructor(entries: Iterable<LedgerEntry>, namesTransactions = false) {
    const transactions = namesTransactions ? new Set([...entries].map(({ transaction }) => Number(transaction))) : null;
    this.matters = transactions === null ? undefined : (transaction) => transactions.has(transaction);
    for (const entry of [...entries].toSorted((a, b) => a.seq - b.seq)) this.add(entry);
  }

  get pks(): Iterable<number> {
    return this.histories.keys();
  }

  get size(): number {
    return [...this.histories.values()].reduce((sum, history) => sum + history.length, 0);
  }

  historyOf(pk: number): readonly LedgerEntry[] {
    return this.histories.get(pk) ?? [];
  }

  /** Index of a version in the row's history, or -1. */
  indexOf(pk: number, version: number): number {
    const history = this.historyOf(pk);
    const first = history[0]?.row?.version ?? 0;
    const guess = version - first;
    if (history[guess]?.row?.version === version) return guess;
    return history.findIndex(({ row }) => row?.version === version);
  }

  /** Is the write followed by another one to the same row in the same transaction? Nobody may ever see it then. */
  isNetted(pk: number, index: number): boolean {
    const history = this.historyOf(pk);
    const follower = history[index + 1];
    return follower !== undefined && follower.transaction === history[index]?.transaction;
  }

  /** May a reader get the write that follows in place of this one? */
  isSkippable(pk: number, index: number): boolean {
    const history = this.historyOf(pk);
    return this.isNetted(pk, index) || (history[index]?.unmarked === true && index + 1 < history.length);
  }

  private add(entry: LedgerEntry): void {
    const history = this.histories.get(entry.pk);
    if (history === undefined) this.histories.set(entry.pk, [entry]);
    else history.push(entry);
  }
}
