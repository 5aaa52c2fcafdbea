import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APIError, ConnectionError } from "../../src/client.ts";
import { checkClientWrites } from "./check-client-writes.ts";
import { checkLog } from "./check-log.ts";
import type { ClientWrite } from "./client-write.ts";
import { type GeneratedRun, generatedRun, watched } from "./generated-run.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import { ShownTitles } from "./shown-titles.ts";
import { SnapshotLog } from "./snapshot-log.ts";
import { pkOf, type Row } from "./subscription-log.ts";

type Rows = readonly Row[];

const asClient = { ...watched, tellsStates: true };
const byId = (a: Row, b: Row): number => a.id - b.id;

/** What a faultless client shows of a log: a snapshot after each transaction, each row as long as it is the same. */
function snapshotsOf({ log }: GeneratedRun): Rows[] {
  const snapshots: Rows[] = [];
  let position = "";
  for (const entry of log.entries) {
    if (entry.kind === "fence" || entry.kind === "resumed") continue;
    const last = snapshots.at(-1) ?? [];
    const next = entry.kind === "snapshot" ? entry.rows : withEvent(last, entry.action === "delete" ? entry.pk : entry.row);
    if (entry.position === position && entry.kind === "event") snapshots.pop();
    snapshots.push(next.toSorted(byId));
    ({ position } = entry);
  }
  return snapshots;
}

function withEvent(rows: Rows, changed: Row | number): Rows {
  const pk = typeof changed === "number" ? changed : changed.id;
  const others = rows.filter(({ id }) => id !== pk);
  return typeof changed === "number" ? others : [...others, changed];
}

/** Everything that is found in what a client showed. */
function findingsIn(snapshots: readonly Rows[], ledger: Ledger): string[] {
  const log = new SnapshotLog(asClient, byId);
  for (const rows of snapshots) log.take({ status: "live", rows: [...rows] });
  return [...log.problems, ...checkLog(log, ledger, null).map(({ kind }) => kind)];
}

/** Every good run, changed so at one of its snapshots but for the first one, is complained about. */
function alwaysFound(change: (snapshots: Rows[], at: number) => void, isMeant: (snapshots: Rows[], at: number) => boolean): void {
  const changeable = fc.tuple(generatedRun(2), fc.nat()).map(([run, pick]) => {
    const snapshots = snapshotsOf(run);
    const meant = [...snapshots.keys()].filter((at) => at > 0 && isMeant(snapshots, at));
    return { run, snapshots, at: meant[pick % Math.max(1, meant.length)] };
  });
  fc.assert(
    fc.property(changeable, ({ run, snapshots, at }) => {
      fc.pre(at !== undefined);
      change(snapshots, at);
      expect(findingsIn(snapshots, run.ledger)).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
}

const rowsAt = (snapshots: Rows[], at: number): Rows => snapshots[at] ?? [];
const changedAt = (snapshots: Rows[], at: number): Rows =>
  rowsAt(snapshots, at).filter((row) => !rowsAt(snapshots, at - 1).includes(row));

describe("the checker of what a client shows", () => {
  test("has nothing to say about a good client", () => {
    fc.assert(
      fc.property(generatedRun(0), (run) => {
        expect(findingsIn(snapshotsOf(run), run.ledger)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("takes what came while nobody looked from the first that is live again, also if it was stale at first", () => {
    const [one, two]: Row[] = [
      { id: 1, version: 1 },
      { id: 2, version: 1 },
    ];
    if (one === undefined || two === undefined) throw new TypeError("Expected two rows.");
    const log = new SnapshotLog(asClient, byId);
    const later = [two];
    log.take({ status: "live", rows: [one] });
    log.lookAway();
    log.take({ status: "stale", rows: later });
    log.take({ status: "live", rows: later });
    log.take({ status: "live", rows: [] });
    expect(log.entries.map((entry) => (entry.kind === "event" ? `${entry.action} ${pkOf(entry)}` : entry.kind))).toEqual([
      "snapshot",
      "snapshot",
      "delete 2",
    ]);
    expect(log.problems).toEqual([]);
  });

  test("complains about a row that is missing at the end", () => {
    alwaysFound(
      (snapshots, at) => void snapshots.splice(at, 1, rowsAt(snapshots, at).slice(1)),
      (snapshots, at) => at === snapshots.length - 1 && rowsAt(snapshots, at).length > 0,
    );
  });

  test("complains about a row that is shown twice", () => {
    alwaysFound(
      (snapshots, at) => void snapshots.splice(at, 1, [...rowsAt(snapshots, at), ...rowsAt(snapshots, at).slice(0, 1)]),
      (snapshots, at) => rowsAt(snapshots, at).length > 0,
    );
  });

  test("complains about rows out of order", () => {
    alwaysFound(
      (snapshots, at) => void snapshots.splice(at, 1, rowsAt(snapshots, at).toReversed()),
      (snapshots, at) => rowsAt(snapshots, at).length > 1,
    );
  });

  test("complains about a row that is another object with the same content", () => {
    alwaysFound(
      (snapshots, at) =>
        void snapshots.splice(
          at,
          1,
          rowsAt(snapshots, at).map((row) => ({ ...row })),
        ),
      (snapshots, at) => rowsAt(snapshots, at).some((row) => rowsAt(snapshots, at - 1).includes(row)),
    );
  });

  test("complains about half a transaction", () => {
    alwaysFound(
      (snapshots, at) => {
        const [first] = changedAt(snapshots, at);
        if (first !== undefined) snapshots.splice(at, 0, withEvent(rowsAt(snapshots, at - 1), first).toSorted(byId));
      },
      (snapshots, at) => changedAt(snapshots, at).length > 1,
    );
  });

  test("complains about a row that goes back", () => {
    alwaysFound(
      (snapshots, at) => void snapshots.splice(at + 1, 0, rowsAt(snapshots, at - 1)),
      (snapshots, at) => changedAt(snapshots, at).some(({ id }) => rowsAt(snapshots, at - 1).some((row) => row.id === id)),
    );
  });

  test("complains about a row with a content that was never written", () => {
    alwaysFound(
      (snapshots, at) =>
        void snapshots.splice(
          at,
          1,
          rowsAt(snapshots, at).map((row) => (changedAt(snapshots, at).includes(row) ? { ...row, status: "other" } : row)),
        ),
      (snapshots, at) => changedAt(snapshots, at).length > 0,
    );
  });

  test("complains about an array that is another one with the same rows", () => {
    const log = new SnapshotLog(asClient, byId);
    const row: Row = { id: 1, version: 1 };
    log.take({ status: "live", rows: [row] });
    log.take({ status: "stale", rows: [row] });
    expect(log.problems).toEqual([
      "snapshot 2: the list is another array with the same rows",
      "snapshot 2: rows changed while it was stale",
    ]);
  });

  test("complains about what is not allowed behind a fence", () => {
    const foreign: Row = { id: 1, version: 1, project: 2, status: "open" };
    const maySee = (row: Row, denied: ReadonlySet<number>): boolean => !denied.has(Number(row["project"]));
    const log = new SnapshotLog({ ...asClient, maySee }, byId);
    log.take({ status: "live", rows: [] });
    log.fence([2]);
    log.take({ status: "live", rows: [foreign] });
    const ledger = new Ledger([{ seq: 1, pk: 1, transaction: "t", row: foreign, unmarked: false }]);
    expect(checkLog(log, ledger, null).map(({ kind }) => kind)).toEqual(["not allowed"]);
  });

  test("complains about a query that fails while it is listened to, and not about one that nobody listened to", () => {
    for (const isHeard of [true, false]) {
      const log = new SnapshotLog(asClient, byId);
      log.take({ status: "live", rows: [] });
      if (!isHeard) log.lookAway();
      log.take({ status: "failed", rows: [] });
      expect(log.problems).toEqual(isHeard ? ["snapshot 2: it failed"] : []);
    }
  });

  test("takes a list that was read anew for no step, and what skips a step for a loss", () => {
    const row = (version: number): Row => ({ id: 1, version, project: 1, status: "open" });
    const writes = [row(1), row(2), row(3)].map((row, seq) => ({ seq, pk: 1, transaction: `t${seq}`, row, unmarked: false }));
    for (const isReset of [true, false]) {
      const log = new SnapshotLog(asClient, byId, () => isReset);
      for (const version of [1, 3]) log.take({ status: "live", rows: [row(version)] });
      expect(checkLog(log, new Ledger(writes), null).map(({ kind }) => kind)).toEqual(isReset ? [] : ["lost"]);
    }
  });

  test("freezes what it is shown, so that a change in place throws", () => {
    const rows = [{ id: 1, version: 1, title: "a" }];
    new SnapshotLog(asClient, byId).take({ status: "live", rows });
    expect(() => Object.assign(rows[0] ?? {}, { title: "b" })).toThrow(TypeError);
    expect(() => rows.pop()).toThrow(TypeError);
  });

  test("says that a title came back after another one was shown", () => {
    const titles = new ShownTitles("list", (title) => title === "own");
    for (const title of ["old", "own", "old", "own"]) titles.take([{ id: 1, version: 1, title }]);
    expect(titles.problems()).toEqual(["list: row 1 shows own again, after old"]);
    expect(titles.problems(new Set(["own"]))).toHaveLength(1);
    expect(titles.problems(new Set(["old"]))).toEqual([]);
  });
});

const rowOf = (version: number, title: string): Row => ({ id: 1, version, title });
const written = (...entries: readonly (Row | null)[]): Ledger =>
  new Ledger(entries.map((row, seq): LedgerEntry => ({ seq, pk: 1, transaction: `t${seq}`, row, unmarked: false })));
const patched = (end: ClientWrite["end"]): ClientWrite => ({ kind: "patch", pk: 1, title: "own", end });
const answered = patched({ answer: rowOf(2, "own") });
const refusedWith = (status: number): ClientWrite =>
  patched({ error: new APIError({ status, errors: ["no"], errorId: null, call: "patch" }) });

describe("the checker of what a client wrote", () => {
  test("has nothing to say about a write that was applied once and answered so", () => {
    expect(checkClientWrites([answered], written(rowOf(1, "a"), rowOf(2, "own"), rowOf(3, "own"), rowOf(4, "b")))).toEqual([]);
    const deleted: ClientWrite = { kind: "delete", pk: 1, title: null, end: { answer: null } };
    expect(checkClientWrites([deleted], written(rowOf(1, "a"), null))).toEqual([]);
    expect(checkClientWrites([refusedWith(404)], written(rowOf(1, "a"), null))).toEqual([]);
  });

  test.each<[string, ClientWrite, Ledger]>([
    ["was not applied", answered, written(rowOf(1, "a"))],
    ["was applied twice", answered, written(rowOf(1, "a"), rowOf(2, "own"), rowOf(3, "b"), rowOf(4, "own"))],
    ["was answered otherwise than written", patched({ answer: rowOf(3, "own") }), written(rowOf(1, "a"), rowOf(2, "own"))],
    ["was applied to another row", { ...answered, pk: 2 }, written(rowOf(1, "a"), rowOf(2, "own"))],
    ["was refused and applied", refusedWith(404), written(rowOf(1, "a"), rowOf(2, "own"))],
    ["was answered 500", refusedWith(500), written(rowOf(1, "a"))],
    ["lost its answer", patched({ error: new ConnectionError("answer_lost", "lost") }), written(rowOf(1, "a"), rowOf(2, "own"))],
    ["is a deletion that was not done", { kind: "delete", pk: 1, title: null, end: { answer: null } }, written(rowOf(1, "a"))],
  ])("complains about a write that %s", (_title, write, ledger) => {
    expect(checkClientWrites([write], ledger)).toHaveLength(1);
  });
});
