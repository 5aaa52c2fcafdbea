import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { JsonObject } from "../wire/json.ts";

/** A row as it is shown, with what has just happened to it. */
export interface MarkedRow {
  readonly key: string;
  readonly row: JsonObject;
  readonly mark: "entered" | "changed" | "left" | null;
  /** The fields that have changed. */
  readonly changed: ReadonlySet<string>;
}

interface Mark {
  readonly kind: "entered" | "changed";
  readonly fields: ReadonlySet<string>;
  readonly until: number;
}

interface Left {
  readonly key: string;
  readonly row: JsonObject;
  readonly index: number;
  readonly until: number;
}

/** Milliseconds that a mark is shown, and that a row which has left is still there. */
const MARKED = 2500;
const LEAVING = 900;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Rows with what has changed since they were shown last.
 *
 * @param keyOf null: rows have no names, so that nobody can tell which one has changed.
 * @param source what was asked for; other rows for another question are no change.
 */
export function useRowMarks(
  rows: readonly JsonObject[],
  keyOf: ((row: JsonObject) => string) | null,
  source: string | null,
): readonly MarkedRow[] {
  const before = useRef<{ readonly source: string | null; readonly rows: readonly JsonObject[] }>({ source: null, rows: [] });
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  const [left, setLeft] = useState<readonly Left[]>([]);
  useLayoutEffect(() => {
    const { current } = before;
    if (current.rows === rows && current.source === source) return;
    before.current = { source, rows };
    if (keyOf === null || source === null || current.source !== source) {
      setMarks(new Map());
      setLeft([]);
      return;
    }
    const known = new Map(current.rows.map((row, index) => [keyOf(row), { row, index }]));
    const now = Date.now();
    const fresh = rows.flatMap((row): readonly (readonly [string, Mark])[] => {
      const key = keyOf(row);
      const old = known.get(key)?.row;
      known.delete(key);
      if (old === row) return [];
      return [[key, { kind: old === undefined ? "entered" : "changed", fields: changedFields(old, row), until: now + MARKED }]];
    });
    const gone = [...known].map(([key, { row, index }]) => ({ key, row, index, until: now + LEAVING }));
    if (fresh.length > 0) setMarks((marked) => new Map([...marked, ...fresh]));
    if (gone.length > 0) setLeft((leaving) => [...leaving, ...gone]);
  }, [rows, source, keyOf]);
  useEffect(() => {
    const ends = [...marks.values(), ...left].map(({ until }) => until);
    if (ends.length === 0) return;
    const timer = setTimeout(
      () => {
        const now = Date.now();
        setMarks((marked) => new Map([...marked].filter(([, { until }]) => until > now)));
        setLeft((leaving) => leaving.filter(({ until }) => until > now));
      },
      Math.min(...ends) - Date.now() + 5,
    );
    return () => clearTimeout(timer);
  }, [marks, left]);
  return withLeft(
    rows.map((row, index) => {
      const key = keyOf?.(row) ?? String(index);
      const mark = marks.get(key);
      return { key, row, mark: mark?.kind ?? null, changed: mark?.fields ?? NOTHING };
    }),
    left,
  );
}

/** Rows that have left stand where they were. */
function withLeft(rows: readonly MarkedRow[], left: readonly Left[]): readonly MarkedRow[] {
  const there = new Set(rows.map(({ key }) => key));
  const all = [...rows];
  for (const { key, row, index } of left.toSorted((a, b) => a.index - b.index)) {
    if (there.has(key)) continue;
    there.add(key);
    all.splice(Math.min(index, all.length), 0, { key, row, mark: "left", changed: NOTHING });
  }
  return all;
}

function changedFields(old: JsonObject | undefined, row: JsonObject): ReadonlySet<string> {
  if (old === undefined) return NOTHING;
  return new Set(Object.keys(row).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(row[name])));
}
