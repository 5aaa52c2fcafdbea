import fc from "fast-check";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import type { LogEntry, Row, SubscriptionLog, Watched } from "./subscription-log.ts";

/** Sees rows of projects 1 and 2 that are not done. */
export const watched: Watched = {
  name: "generated",
  matches: (row) => row["status"] !== "done",
  maySee: (row) => row["project"] !== 3,
  mayCoalesce: false,
  changingRights: false,
  tellsStates: false,
  limit: null,
};

const write = fc.record({
  pk: fc.integer({ min: 1, max: 5 }),
  isDelete: fc.boolean(),
  project: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom("open", "open", "done"),
});

const transactions = fc.array(fc.array(write, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 15 });

/** A ledger, and the log that a faultless server would give a reader who comes after some of its transactions. */
export interface GeneratedRun {
  readonly ledger: Ledger;
  readonly log: SubscriptionLog;
  readonly fresh: readonly Row[];
}

/** Runs whose log has at least `minEvents` events. */
export function generatedRun(minEvents: number): fc.Arbitrary<GeneratedRun> {
  return fc
    .tuple(transactions, fc.nat({ max: 4 }), fc.constantFrom(sqlitePosition, postgresPosition))
    .map(([plan, readerComesAfter, positionOf]) => new Simulation(positionOf).run(plan, readerComesAfter))
    .filter(({ log }) => log.entries.filter(({ kind }) => kind === "event").length >= minEvents);
}

type PositionOf = (transaction: number) => string;
const sqlitePosition: PositionOf = (transaction) => `life:${transaction * 3}`;
const postgresPosition: PositionOf = (transaction) => `life:${transaction + 702}:${transaction + 2},10`;

class Simulation {
  private readonly table = new Map<number, Row>();
  private readonly versions = new Map<number, number>();
  private readonly ledger: LedgerEntry[] = [];
  private readonly entries: LogEntry[] = [];
  private readonly positionOf: PositionOf;

  constructor(positionOf: PositionOf) {
    this.positionOf = positionOf;
  }

  run(plan: readonly (readonly PlannedWrite[])[], readerComesAfter: number): GeneratedRun {
    for (const [index, writes] of plan.entries()) {
      if (index === readerComesAfter) this.comeIn(index);
      const before = new Map(this.table);
      const known = this.ledger.length;
      for (const one of writes) this.write(one, `t${index}`);
      const touched = new Set(this.ledger.slice(known).map(({ pk }) => pk));
      if (index >= readerComesAfter) for (const pk of touched) this.tell(pk, before.get(pk), this.positionOf(index + 1));
    }
    if (readerComesAfter >= plan.length) this.comeIn(plan.length);
    return { ledger: new Ledger(this.ledger), log: { watched, entries: this.entries }, fresh: this.visibleRows() };
  }

  private comeIn(transaction: number): void {
    this.entries.push({ kind: "snapshot", position: this.positionOf(transaction), rows: this.visibleRows() });
  }

  private write({ pk, isDelete, project, status }: PlannedWrite, transaction: string): void {
    if (isDelete && !this.table.has(pk)) return;
    const version = (this.versions.get(pk) ?? 0) + 1;
    const row: Row | null = isDelete ? null : { id: pk, version, project, status };
    // A deletion has no version of its own.
    if (row === null) this.table.delete(pk);
    else this.table.set(pk, row);
    if (row !== null) this.versions.set(pk, version);
    this.ledger.push({ seq: this.ledger.length + 1, pk, transaction, row, unmarked: false });
  }

  private tell(pk: number, before: Row | undefined, position: string): void {
    const after = this.table.get(pk);
    const was = before !== undefined && isVisible(before);
    if (after !== undefined && isVisible(after))
      this.entries.push({ kind: "event", action: was ? "update" : "create", position, row: after });
    else if (was) this.entries.push({ kind: "event", action: "delete", position, pk });
  }

  private visibleRows(): Row[] {
    return [...this.table.values()].filter(isVisible);
  }
}

interface PlannedWrite {
  readonly pk: number;
  readonly isDelete: boolean;
  readonly project: number;
  readonly status: string;
}

function isVisible(row: Row): boolean {
  return watched.matches(row) && watched.maySee(row, new Set());
}
