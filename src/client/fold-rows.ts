import { shareStructure } from "./share-structure.ts";
import type { RowChange } from "./subscription.ts";

/** A row as the server shows it. */
export type Row = Readonly<Record<string, unknown>>;

/** A list, and what a page holds beside its rows. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly page: Row | null;
}

/** What the answer of `list` holds: all rows, or a page of them. */
export function rowsOf(data: unknown): Rows {
  if (Array.isArray(data)) return { rows: data, page: null };
  const { results = [], ...page } = Object(data);
  return { rows: Array.isArray(results) ? results : [], page };
}

/** The list after the changes of one transaction. Rows that did not change are the same objects, and so is a list in which none did. */
export function foldRows(list: Rows, changes: readonly RowChange[], keyOf: (row: Row) => string): Rows {
  let { page } = list;
  let rows: Row[] = [...list.rows];
  for (const { action, data, index } of changes) {
    if (action === "reset") {
      const fresh = freshRows(list, data, keyOf);
      ({ page } = fresh);
      rows = [...fresh.rows];
      continue;
    }
    const key = action === "delete" ? String(Object(data).pk) : keyOf(Object(data));
    const place = rows.findIndex((row) => keyOf(row) === key);
    if (action === "delete") {
      if (place !== -1) rows.splice(place, 1);
      continue;
    }
    const row = shareStructure<Row>(rows[place], Object(data));
    if (index === undefined && place !== -1) {
      rows[place] = row;
      continue;
    }
    if (place !== -1) rows.splice(place, 1);
    rows.splice(index ?? rows.length, 0, row);
  }
  return sameAs(list, { rows, page });
}

/** A list that was read anew, with the rows that are as they were taken from the one before. */
export function freshRows(known: Rows, data: unknown, keyOf: (row: Row) => string): Rows {
  const { rows, page } = rowsOf(data);
  const before = new Map(known.rows.map((row) => [keyOf(row), row]));
  const shared = rows.map((row) => shareStructure(before.get(keyOf(row)), row));
  return sameAs(known, { rows: shared, page: shareStructure(known.page, page) });
}

function sameAs(known: Rows, fresh: Rows): Rows {
  const hasSameRows = known.rows.length === fresh.rows.length && known.rows.every((row, index) => row === fresh.rows[index]);
  if (hasSameRows && known.page === fresh.page) return known;
  return { rows: hasSameRows ? known.rows : fresh.rows, page: fresh.page };
}
