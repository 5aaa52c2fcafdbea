import { isDeepStrictEqual } from "node:util";
import type { LiveStatus } from "../../src/client.ts";
import type { LogEntry, Row, SubscriptionLog, Watched } from "./subscription-log.ts";

/** What a live query shows. */
export interface Shown {
  readonly status: LiveStatus;
  readonly rows: readonly Row[];
}

export type CompareRows = (a: Row, b: Row) => number;

/**
 * What a live query showed, one snapshot after another, told as the events that lead from each to the next: every snapshot is a moment of its
 * own, so whatever changes in it belongs to one transaction.
 */
export class SnapshotLog implements SubscriptionLog {
  readonly watched: Watched;
  readonly entries: LogEntry[] = [];
  /** What a snapshot may never show, whatever was written. */
  readonly problems: string[] = [];
  snapshots = 0;
  private readonly compare: CompareRows;
  private readonly isReset: () => boolean;
  private shown: Shown | null = null;
  /** The rows that the entries lead to. */
  private told: readonly Row[] | null = null;
  private isBlind = false;

  /**
   * @param compare how rows are ordered; 0 where that is not known.
   * @param isReset is what is taken now a list that was read anew, of which the steps that led to it are not told? Default: no.
   */
  constructor(watched: Watched, compare: CompareRows, isReset = (): boolean => false) {
    this.watched = watched;
    this.compare = compare;
    this.isReset = isReset;
  }

  /** Takes the next snapshot. Its rows are frozen: nobody may change them in place. */
  take(next: Shown): void {
    const before = this.shown;
    this.snapshots += 1;
    if (next.status === "failed") return this.end();
    freeze(next.rows);
    this.checkForm(next.rows);
    if (before !== null && !this.isBlind) this.checkSharing(before.rows, next.rows);
    if (next.status === "live") this.note(before, next.rows);
    else if (before !== null && before.rows !== next.rows && !this.isBlind)
      this.complain(`rows changed while it was ${next.status}`);
    if (next.status === "live") this.isBlind = false;
    this.shown = next;
  }

  /** Snapshots are missed from here on, until the next one that is taken. */
  lookAway(): void {
    this.isBlind = true;
  }

  fence(denied: readonly number[]): void {
    this.entries.push({ kind: "fence", denied });
  }

  /** A row that had gone while nobody listened is refused; one that goes later is not. */
  private end(): void {
    if (!this.isBlind) this.complain("it failed");
    this.shown = { status: "failed", rows: [] };
    this.told = [];
    this.entries.push({ kind: "snapshot", position: `client:${this.snapshots}`, rows: [] });
  }

  private note(before: Shown | null, rows: readonly Row[]): void {
    const position = `client:${this.snapshots}`;
    const goesOn = before?.status === "live" && !this.isBlind && !this.isReset();
    if (goesOn && this.told !== null) this.noteChanges(this.told, rows, position);
    else if (this.told === rows) this.entries.push({ kind: "resumed", position });
    else this.entries.push({ kind: "snapshot", position, rows });
    this.told = rows;
  }

  private noteChanges(before: readonly Row[], rows: readonly Row[], position: string): void {
    const known = new Map(before.map((row) => [row.id, row]));
    const kept = new Set(rows.map(({ id }) => id));
    for (const pk of known.keys()) if (!kept.has(pk)) this.entries.push({ kind: "event", action: "delete", position, pk });
    for (const row of rows) {
      const was = known.get(row.id);
      if (was !== row) this.entries.push({ kind: "event", action: was === undefined ? "create" : "update", position, row });
    }
  }

  private checkForm(rows: readonly Row[]): void {
    const pks = new Set(rows.map(({ id }) => id));
    if (pks.size < rows.length) this.complain("a row is shown twice");
    const misplaced = rows.findIndex((row, at) => at > 0 && this.compare(rows[at - 1] ?? row, row) > 0);
    if (misplaced !== -1) this.complain(`row ${rows[misplaced]?.id} is out of order`);
  }

  private checkSharing(before: readonly Row[], rows: readonly Row[]): void {
    if (before === rows) return;
    if (before.length === rows.length && before.every((row, at) => row === rows[at]))
      this.complain("the list is another array with the same rows");
    const known = new Map(before.map((row) => [row.id, row]));
    for (const row of rows) {
      const was = known.get(row.id);
      if (was !== row && isDeepStrictEqual(was, row)) this.complain(`row ${row.id} is another object with the same content`);
    }
  }

  private complain(problem: string): void {
    if (this.problems.length < 20) this.problems.push(`snapshot ${this.snapshots}: ${problem}`);
  }
}

function freeze(rows: readonly Row[]): void {
  if (Object.isFrozen(rows)) return;
  Object.freeze(rows);
  for (const row of rows) Object.freeze(row);
}
