import type { Report } from "./finding.ts";
import type { Ledger } from "./ledger.ts";
import type { LeaveEvent, RowEvent, Snapshot, SubscriptionLog, Watched } from "./subscription-log.ts";

/** Rows come and go for other reasons than writes, so only what happens to a row while it is held can be told. */
export function isPartial({ changingRights, limit }: Watched): boolean {
  return changingRights || limit !== null;
}

/** The write that an event tells of. */
export interface Told {
  readonly line: number;
  readonly position: string;
  readonly pk: number;
  /** Index in the row's history. */
  readonly index: number;
  /** The first write of the row that the event includes. */
  readonly firstIndex: number;
}

const NOBODY: ReadonlySet<number> = new Set();

/**
 * Checks the events of each row against its writes: every write that the reader may see comes once, by itself or netted inside its
 * transaction. @returns which write each event tells of, where that is known.
 */
export function checkHistory(log: SubscriptionLog, ledger: Ledger, report: Report): Told[] {
  const walk = new HistoryWalk(log.watched, ledger, report);
  for (const [line, entry] of log.entries.entries()) {
    if (entry.kind === "snapshot") walk.restart(line, entry);
    else if (entry.kind === "event") walk.take(line, entry);
  }
  walk.finish();
  return walk.told;
}

/** Where the reader stands in the history of one row. */
interface Standing {
  readonly index: number;
  readonly isHeld: boolean;
}

class HistoryWalk {
  readonly told: Told[] = [];
  private readonly standings = new Map<number, Standing>();
  private readonly watched: Watched;
  private readonly ledger: Ledger;
  private readonly report: Report;
  private readonly isPartial: boolean;

  constructor(watched: Watched, ledger: Ledger, report: Report) {
    this.watched = watched;
    this.isPartial = isPartial(watched);
    this.ledger = ledger;
    this.report = report;
  }

  restart(line: number, { rows }: Snapshot): void {
    this.standings.clear();
    for (const { id, version } of rows) {
      const index = this.ledger.indexOf(id, version);
      if (this.ledger.isNetted(id, index))
        this.report("torn", line, `row ${id} version ${version} was not the last of its transaction`);
      if (index !== -1) this.standings.set(id, { index, isHeld: true });
    }
  }

  take(line: number, event: RowEvent | LeaveEvent): void {
    const pk = event.action === "delete" ? event.pk : event.row.id;
    const from = this.standings.get(pk);
    const index = event.action === "delete" ? this.leaveAfter(pk, from) : this.ledger.indexOf(pk, event.row.version);
    if (index === -1) return this.withoutWrite(line, event, pk);
    if (event.action !== "delete" && this.ledger.isNetted(pk, index))
      this.report("torn", line, `row ${pk} version ${event.row.version} was not the last of its transaction`);
    this.checkSkipped(line, pk, { from, to: index, action: event.action });
    this.told.push({ line, position: event.position, pk, index, firstIndex: this.firstIncluded(pk, from, index) });
    this.standings.set(pk, { index, isHeld: event.action !== "delete" });
  }

  finish(): void {
    for (const pk of this.ledger.pks) {
      const from = this.standings.get(pk);
      const last = this.ledger.historyOf(pk).length - 1;
      if (from?.isHeld === true) this.checkSkipped(null, pk, { from, to: last + 1, action: "update" });
      else if (!this.isPartial) this.checkAbsent(pk, from, last);
    }
  }

  private withoutWrite(line: number, event: RowEvent | LeaveEvent, pk: number): void {
    if (event.action !== "delete") return;
    this.standings.delete(pk);
    if (!this.isPartial) this.report("altered", line, `delete of row ${pk}, which is still to be seen`);
  }

  /** The first write after which the row was gone for this reader. */
  private leaveAfter(pk: number, from: Standing | undefined): number {
    if (from === undefined || this.isPartial) return -1;
    const history = this.ledger.historyOf(pk);
    return history.findIndex(
      (_entry, index) => index > from.index && !this.ledger.isNetted(pk, index) && !this.isVisible(pk, index),
    );
  }

  private checkSkipped(
    line: number | null,
    pk: number,
    { from, to, action }: { from: Standing | undefined; to: number; action: string },
  ): void {
    if (from === undefined) return this.checkPredecessor(line, pk, to);
    if (this.isPartial && action === "create") return;
    for (let index = from.index + 1; index < to; index += 1) {
      if (this.ledger.isSkippable(pk, index)) continue;
      if (from.isHeld || this.isVisible(pk, index)) this.reportLost(line, pk, index);
    }
  }

  /** The row was not there before, so the write before this one must be one that the reader may not see: any of those that may have been the last. */
  private checkPredecessor(line: number | null, pk: number, to: number): void {
    if (this.isPartial) return;
    for (let index = to - 1; index >= 0; index -= 1) {
      if (this.ledger.isNetted(pk, index)) continue;
      if (!this.isVisible(pk, index)) return;
      if (!this.ledger.isSkippable(pk, index)) return this.reportLost(line, pk, index);
    }
  }

  private checkAbsent(pk: number, from: Standing | undefined, last: number): void {
    for (let index = from === undefined ? last : from.index + 1; index <= last; index += 1) {
      if (!this.ledger.isSkippable(pk, index) && this.isVisible(pk, index)) this.reportLost(null, pk, index);
    }
  }

  private firstIncluded(pk: number, from: Standing | undefined, index: number): number {
    let first = index;
    while (first - 1 > (from?.index ?? -1) && this.ledger.isNetted(pk, first - 1)) first -= 1;
    return first;
  }

  private isVisible(pk: number, index: number): boolean {
    const row = this.ledger.historyOf(pk)[index]?.row ?? null;
    return row !== null && this.watched.matches(row) && this.watched.maySee(row, NOBODY);
  }

  private reportLost(line: number | null, pk: number, index: number): void {
    const row = this.ledger.historyOf(pk)[index]?.row ?? null;
    this.report("lost", line, row === null ? `the deletion of row ${pk}` : `version ${row.version} of row ${pk}`);
  }
}
