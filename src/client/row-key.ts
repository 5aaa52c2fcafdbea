import type { Row } from "./fold-rows.ts";

/** What tells a list's rows apart. @param pkField where the primary key stands; undefined where the server does not say: `pk` or `id`. */
export function rowKey(pkField: string | undefined): (row: Row) => string {
  if (pkField !== undefined) return (row) => String(row[pkField]);
  return (row) => String(row["pk"] ?? row["id"]);
}
