import type { Report } from "./finding.ts";
import { covers, type Matters } from "./position-order.ts";
import { type LeaveEvent, type LogEntry, pkOf, type RowEvent, type Snapshot, type SubscriptionLog } from "./subscription-log.ts";

/**
 * Checks what a log must keep by itself, whatever was written: rows come before they change, positions never go back, windows hold no more than
 * their limit.
 *
 * @param matters which transactions a position may not lose. Default: all.
 */
export function checkFlow({ watched, entries }: SubscriptionLog, report: Report, matters?: Matters): void {
  const flow = new Flow(watched, report, matters);
  for (const [line, entry] of entries.entries()) flow.take(line, entry);
  flow.endOfTransaction(entries.length - 1);
}

class Flow {
  private readonly held = new Map<number, number>();
  private readonly newest = new Map<number, number>();
  private position: string | null = null;
  private readonly watched: SubscriptionLog["watched"];
  private readonly report: Report;
  private readonly matters: Matters | undefined;

  constructor(watched: SubscriptionLog["watched"], report: Report, matters: Matters | undefined) {
    this.watched = watched;
    this.report = report;
    this.matters = matters;
  }

  take(line: number, entry: LogEntry): void {
    if (entry.kind === "fence") return;
    if (entry.kind === "snapshot") return this.replace(line, entry);
    if (this.position === null) return this.report("lost", line, "came before any snapshot");
    this.advance(line, entry.position);
    if (entry.kind === "event") this.apply(line, entry);
  }

  endOfTransaction(line: number): void {
    const { limit } = this.watched;
    if (limit !== null && this.held.size > limit)
      this.report("wrong state", line, `holds ${this.held.size} rows, limit ${limit}`);
  }

  private replace(line: number, { position, rows }: Snapshot): void {
    if (this.position !== null) this.advance(line, position);
    this.position = position;
    this.held.clear();
    for (const { id, version } of rows) {
      if (this.held.has(id)) this.report("doubled", line, `row ${id} is in the snapshot twice`);
      if (version < (this.newest.get(id) ?? 0)) this.report("reordered", line, `row ${id} went back to version ${version}`);
      this.held.set(id, version);
      this.newest.set(id, version);
    }
  }

  private advance(line: number, position: string): void {
    if (this.position === null || position === this.position) return;
    this.endOfTransaction(line);
    // A log of another life has no order with this one.
    const isSameLife = position.split(":")[0] === this.position.split(":")[0];
    if (isSameLife && !covers(position, this.position, this.matters))
      this.report("reordered", line, `${position} came after ${this.position}`);
    this.position = position;
  }

  private apply(line: number, event: RowEvent | LeaveEvent): void {
    const pk = pkOf(event);
    const isHeld = this.held.has(pk);
    if (event.action === "create" && isHeld) this.report("doubled", line, `create of row ${pk}, which is held`);
    if (event.action !== "create" && !isHeld) this.report("lost", line, `${event.action} of row ${pk}, which is not held`);
    if (event.action === "delete") this.held.delete(pk);
    else this.hold(line, event);
  }

  private hold(line: number, { action, row: { id, version } }: RowEvent): void {
    const newest = this.newest.get(id) ?? 0;
    const { changingRights, limit } = this.watched;
    // A row may stand elsewhere in a window, or come back to it, without a change of its own.
    const mayRepeat = limit !== null || (action === "create" && changingRights);
    if (version < newest) this.report("reordered", line, `row ${id} went back from version ${newest} to ${version}`);
    if (version === newest && !mayRepeat) this.report("doubled", line, `version ${version} of row ${id} came again`);
    this.held.set(id, version);
    this.newest.set(id, version);
  }
}
