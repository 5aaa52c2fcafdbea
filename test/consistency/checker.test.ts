import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLog } from "./check-log.ts";
import type { Finding } from "./finding.ts";
import { type GeneratedRun, generatedRun } from "./generated-run.ts";
import { Ledger } from "./ledger.ts";
import { covers } from "./position-order.ts";
import type { LeaveEvent, LogEntry, Row, RowEvent } from "./subscription-log.ts";

type Event = RowEvent | LeaveEvent;

/** Checks a log with one change made to its entries; `at` is the index of one of its events. */
function findingsAfter({ ledger, log, fresh }: GeneratedRun, change: (entries: LogEntry[]) => void): Finding[] {
  const entries = [...log.entries];
  change(entries);
  return checkLog({ watched: log.watched, entries }, ledger, fresh);
}

function eventsOf(entries: readonly LogEntry[]): (readonly [line: number, event: Event])[] {
  return [...entries.entries()].flatMap(([line, entry]) => (entry.kind === "event" ? [[line, entry] as const] : []));
}

/** A good log with at least `minEvents` events, and one of them. */
function withEvent(minEvents: number, choose: (event: Event) => boolean = () => true) {
  return fc.tuple(generatedRun(minEvents), fc.nat()).chain(([run, pick]) => {
    const events = eventsOf(run.log.entries).filter(([, event]) => choose(event));
    const chosen = events[pick % Math.max(1, events.length)];
    return chosen === undefined ? fc.constant(null) : fc.constant({ run, line: chosen[0], event: chosen[1] });
  });
}

/** Every good log, changed so at one of its events, is complained about. */
function alwaysFound(
  change: (entries: LogEntry[], line: number, event: Event) => void,
  options: { minEvents?: number; choose?: (event: Event) => boolean } = {},
): void {
  fc.assert(
    fc.property(withEvent(options.minEvents ?? 1, options.choose), (chosen) => {
      fc.pre(chosen !== null);
      const { run, line, event } = chosen;
      expect(findingsAfter(run, (entries) => change(entries, line, event))).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
}

const isRowEvent = (event: Event): boolean => event.action !== "delete";

describe("the checker", () => {
  test("has nothing to say about a good log", () => {
    fc.assert(
      fc.property(generatedRun(0), ({ ledger, log, fresh }) => {
        expect(checkLog(log, ledger, fresh)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("complains when a line is deleted", () => {
    alwaysFound((entries, line) => void entries.splice(line, 1));
  });

  test("complains when a line is doubled, at once or at the end", () => {
    alwaysFound((entries, line, event) => void entries.splice(line, 0, event));
    alwaysFound((entries, _line, event) => void entries.push(event));
  });

  test("complains when two lines are swapped", () => {
    const swap = (entries: LogEntry[], line: number): void => {
      const neighbour = entries[line + 1]?.kind === "event" ? line + 1 : line - 1;
      const [one, other] = [entries[line], entries[neighbour]];
      if (one !== undefined && other !== undefined) [entries[line], entries[neighbour]] = [other, one];
    };
    alwaysFound(swap, { minEvents: 2 });
  });

  test.each(["project", "status"])("complains when the %s of a row is altered", (field) => {
    alwaysFound(
      (entries, line, event) => {
        if (event.action !== "delete") entries[line] = { ...event, row: { ...event.row, [field]: "other" } };
      },
      { choose: isRowEvent },
    );
  });

  test.each([-1, 1, 100])("complains when a version is altered by %d", (by) => {
    alwaysFound(
      (entries, line, event) => {
        if (event.action !== "delete") entries[line] = { ...event, row: { ...event.row, version: event.row.version + by } };
      },
      { choose: isRowEvent },
    );
  });

  test("complains when an action is altered", () => {
    alwaysFound((entries, line, event) => {
      if (event.action === "delete") return void entries.splice(line, 1);
      const action = event.action === "create" ? "update" : "create";
      entries[line] = { ...event, action };
    });
  });

  test("complains when another row is deleted than left", () => {
    alwaysFound(
      (entries, line, event) => {
        if (event.action === "delete") entries[line] = { ...event, pk: event.pk + 1 };
      },
      { choose: (event) => event.action === "delete" },
    );
  });

  test("complains when a position goes back, and when two transactions come under one position", () => {
    const position = (run: LogEntry[], line: number): string | undefined => {
      const entry = run[line];
      return entry === undefined || entry.kind === "fence" ? undefined : entry.position;
    };
    const crossing = fc.tuple(generatedRun(3), fc.nat(), fc.boolean()).map(([run, pick, joined]) => {
      const entries = [...run.log.entries];
      const lines = eventsOf(entries)
        .map(([line]) => line)
        .filter((line) => line > 1 && position(entries, line) !== position(entries, line - 1));
      const line = lines[pick % Math.max(1, lines.length)];
      return line === undefined ? null : { run, line, to: position(entries, joined ? line - 1 : 0) ?? "" };
    });
    fc.assert(
      fc.property(crossing, (chosen) => {
        fc.pre(chosen !== null);
        const { run, line, to } = chosen;
        const findings = findingsAfter(run, (entries) => {
          const entry = entries[line];
          if (entry?.kind === "event") entries[line] = { ...entry, position: to };
        });
        expect(findings).not.toEqual([]);
      }),
    );
  });

  test("complains when the snapshot is missing", () => {
    alwaysFound((entries) => void entries.shift());
  });

  test("complains when the snapshot lacks a row or holds one twice", () => {
    const withRows = generatedRun(0).filter(({ log }) => log.entries[0]?.kind === "snapshot" && log.entries[0].rows.length > 0);
    fc.assert(
      fc.property(withRows, fc.boolean(), (run, doubled) => {
        const findings = findingsAfter(run, (entries) => {
          const [first] = entries;
          if (first?.kind !== "snapshot") return;
          const [row, ...others] = first.rows;
          entries[0] = { ...first, rows: doubled && row !== undefined ? [row, row, ...others] : others };
        });
        expect(findings).not.toEqual([]);
      }),
    );
  });
});

const row = (version: number, fields: object = {}): Row => ({ id: 1, version, project: 1, status: "open", ...fields });
const allOpen = generatedRun(0);

function kindsOf(entries: readonly LogEntry[], writes: readonly (Row | null)[], transactions?: readonly string[]): string[] {
  const ledger = new Ledger(
    writes.map((written, index) => ({
      seq: index,
      pk: 1,
      transaction: transactions?.[index] ?? `t${index}`,
      row: written,
      unmarked: transactions?.[index]?.startsWith("raw-") ?? false,
    })),
  );
  const [{ log }] = fc.sample(allOpen, 1) as [GeneratedRun];
  return checkLog({ watched: log.watched, entries }, ledger, null).map(({ kind }) => kind);
}

const snapshot: LogEntry = { kind: "snapshot", position: "life:1", rows: [row(1)] };
const update = (version: number, position: string): LogEntry => ({
  kind: "event",
  action: "update",
  position,
  row: row(version),
});

describe("the checker says", () => {
  test("lost, for a version that never came", () => {
    expect(kindsOf([snapshot, update(3, "life:3")], [row(1), row(2), row(3)])).toEqual(["lost"]);
    expect(kindsOf([snapshot], [row(1), null])).toEqual(["lost"]);
  });

  test("nothing, for a version that was replaced within its transaction", () => {
    expect(kindsOf([snapshot, update(3, "life:3")], [row(1), row(2), row(3)], ["a", "b", "b"])).toEqual([]);
  });

  test("nothing, for a row that may have been out of sight before it came back", () => {
    const away: LogEntry = { kind: "snapshot", position: "life:1", rows: [] };
    const back: LogEntry = { kind: "event", action: "create", position: "life:3", row: row(3) };
    const writes = [row(1), row(2, { status: "done" }), row(3)];
    expect(kindsOf([away, back], writes, ["a", "raw-1", "raw-2"])).toEqual([]);
    expect(kindsOf([away, back], [row(1), row(2), row(3)], ["a", "raw-1", "raw-2"])).toEqual(["lost"]);
  });

  test("torn, for a version from the middle of a transaction", () => {
    expect(kindsOf([snapshot, update(2, "life:2"), update(3, "life:3")], [row(1), row(2), row(3)], ["a", "b", "b"])).toContain(
      "torn",
    );
  });

  test("not allowed, for a row that does not match, and for one behind a fence", () => {
    const done: LogEntry = { kind: "event", action: "update", position: "life:2", row: row(2, { status: "done" }) };
    expect(kindsOf([snapshot, done], [row(1), row(2, { status: "done" })])).toContain("not allowed");
    const foreign: LogEntry = { kind: "event", action: "update", position: "life:2", row: row(2, { project: 3 }) };
    expect(kindsOf([snapshot, foreign], [row(1), row(2, { project: 3 })])).toContain("not allowed");
  });

  test("nothing about what was missed before a reset", () => {
    const reset: LogEntry = { kind: "snapshot", position: "life:3", rows: [row(3)] };
    expect(kindsOf([snapshot, reset], [row(1), row(2), row(3)])).toEqual([]);
  });
});

describe("positions", () => {
  test.each([
    ["a:10", "a:9", true],
    ["a:9", "a:9", true],
    ["a:9", "a:10", false],
    ["b:10", "a:9", false],
    ["a:10:2", "a:9:1", true],
    ["a:10:2", "a:9", false],
    ["a:10:2,3", "a:10:2,3,1", true],
    ["a:10", "a:10:2,3", true],
    ["a:10:2,3", "a:10:5", false],
    ["a:10~list", "a:9~list", true],
  ])("%s has seen all that %s has: %s", (later, earlier, expected) => {
    expect(covers(later, earlier)).toBe(expected);
  });

  test("lose nothing where what they lose did not write", () => {
    expect(covers("a:8", "a:10", (transaction) => transaction !== 8 && transaction !== 9)).toBe(true);
    expect(covers("a:8", "a:10", (transaction) => transaction === 9)).toBe(false);
    expect(covers("a:10:2", "a:10", (transaction) => transaction === 8)).toBe(false);
    expect(covers("a:10:2", "a:10", (transaction) => transaction === 9)).toBe(true);
  });
});
