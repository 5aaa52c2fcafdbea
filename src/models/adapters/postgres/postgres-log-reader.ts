import type { LogEntry, LoggedTable, LoggedTransaction } from "../../change-log/change-log-store.ts";
import type { DriverRow } from "../../database.ts";
import type { PostgresConnection } from "./postgres-connection.ts";
import { inOrderOfVersions, type RowStep } from "./postgres-log-order.ts";
import { logRowReader, type LogRowReader } from "./postgres-log-row.ts";
import { positionOfSnapshot, type PostgresPosition } from "./postgres-position.ts";

/** What the log holds that a reader has not seen, as of one snapshot. */
export interface UnseenPart {
  /** Everything the snapshot sees; null: the log has no epoch, a new one has to begin. */
  readonly now: PostgresPosition | null;
  /** All up to this transaction may have been removed. */
  readonly pruned: number;
  /** Rows of whole transactions. */
  readonly rows: readonly DriverRow[];
  /** Transactions that are left for the next read. */
  readonly later: readonly number[];
}

/** The statements that read the log. Each is one statement, so that rows and snapshot belong together. */
export class PostgresLogReader {
  readonly #headSql: string;
  readonly #shortSql: string;
  readonly #longSql: string;
  readonly #countSql: string;

  constructor(schema: string) {
    const head = (later: string): string =>
      `SELECT 'head', l.epoch, l.pruned::text, pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text, ${later}, NULL, NULL, NULL
FROM (VALUES (1)) v(x) LEFT JOIN ${schema}.life l ON true`;
    const columns =
      'c.xid::text, c."offset"::text, c."table", c.operation, c.before::text, c.after::text, c.part::text, c.before_at::text, c.after_at::text';
    this.#headSql = head("NULL");
    this.#shortSql = `${head("NULL")} UNION ALL SELECT ${columns} FROM (
  (SELECT * FROM ${schema}.change WHERE xid >= $1::xid8 ORDER BY xid LIMIT $3::bigint)
  UNION ALL (SELECT * FROM ${schema}.change WHERE xid = ANY ($2::xid8[]) LIMIT $3::bigint)
) c`;
    this.#countSql = `SELECT count(*)::text FROM (
  (SELECT 1 FROM ${schema}.change WHERE xid >= $1::xid8 LIMIT $3::bigint)
  UNION ALL (SELECT 1 FROM ${schema}.change WHERE xid = ANY ($2::xid8[]) LIMIT $3::bigint)
) c`;
    this.#longSql = `WITH unseen AS (
  SELECT xid, max("offset") AS last, count(*) AS size FROM ${schema}.change
  WHERE (xid >= $1::xid8 OR xid = ANY ($2::xid8[])) AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
  GROUP BY xid
), ranked AS MATERIALIZED (SELECT xid, sum(size) OVER (ORDER BY last) - size AS ahead FROM unseen)
${head("(SELECT string_agg(xid::text, ',') FROM ranked WHERE ahead >= $3::bigint)")}
UNION ALL SELECT ${columns} FROM ranked r JOIN ${schema}.change c USING (xid) WHERE r.ahead < $3::bigint`;
  }

  /** Are there more than `limit` rows that `from` has not seen? */
  async exceeds(connection: PostgresConnection, from: PostgresPosition, limit: number): Promise<boolean> {
    const params = [String(from.end), `{${from.unseen.join(",")}}`, String(limit + 1)];
    const [row] = await connection.all(this.#countSql, params);
    return Number(row?.[0] ?? 0) > limit;
  }

  async head(connection: PostgresConnection): Promise<UnseenPart> {
    return partOf(await connection.all(this.#headSql, []));
  }

  /** What `from` has not seen: about `limit` rows, in whole transactions, those of the least greatest offset first. */
  async unseen(connection: PostgresConnection, from: PostgresPosition, limit: number): Promise<UnseenPart> {
    const running = `{${from.unseen.join(",")}}`;
    const params = [String(from.end), running, String(limit + 1)];
    const short = await connection.all(this.#shortSql, params);
    if (short.length <= limit + 1) return partOf(short);
    return partOf(await connection.all(this.#longSql, [params[0], running, String(limit)]));
  }
}

function partOf(all: readonly DriverRow[]): UnseenPart {
  const [, epoch, pruned, snapshot, own, later] = all.find((row) => row[0] === "head") ?? [];
  const ownId = typeof own === "string" ? own : null;
  const now = typeof epoch === "string" ? positionOfSnapshot(epoch, String(snapshot), ownId) : null;
  return {
    now,
    pruned: Number(pruned ?? 0),
    rows: all.filter((row) => row[0] !== "head" && row[0] !== ownId),
    later: typeof later === "string" ? later.split(",").map(Number) : [],
  };
}

interface Step extends RowStep {
  readonly offset: number;
  /** Null for a table that nobody asks for. */
  readonly entry: LogEntry | null;
}

/** How the tables of the log are read, by the name that the log has for them. */
export type LogDecoders = ReadonlyMap<string, { readonly table: LoggedTable; readonly read: LogRowReader }>;

export function logDecoder(table: LoggedTable): { readonly table: LoggedTable; readonly read: LogRowReader } {
  return { table, read: logRowReader(table.columns) };
}

/**
 * The transactions of a part of the log, in an order in which their changes can be applied, and where a reader stands after each.
 *
 * That order is by each one's greatest offset. Of two transactions that changed the same row, the second got the row only when the first had
 * committed and therefore taken all its offsets: its own offset for that row is greater than all of them. And a snapshot that sees the second sees
 * the first.
 */
export function transactionsOf(from: PostgresPosition, part: UnseenPart, decoders: LogDecoders): LoggedTransaction[] {
  const { now, rows, later } = part;
  if (now === null) return [];
  const steps = stepsByTransaction(rows, decoders);
  const inOrder = [...steps].toSorted(([, a], [, b]) => lastOffset(a) - lastOffset(b));
  const seen = from.union(now);
  const left = new Set([...later, ...inOrder.map(([id]) => id)]);
  let end = from.end;
  return inOrder.map(([id, own], index) => {
    left.delete(id);
    end = Math.max(end, id + 1);
    const isLast = index === inOrder.length - 1 && later.length === 0;
    const position = isLast ? seen : seen.without(left, end);
    return { id, position, entries: inOrderOfVersions(own).flatMap(({ entry }) => (entry === null ? [] : [entry])) };
  });
}

function stepsByTransaction(rows: readonly DriverRow[], decoders: LogDecoders): Map<number, Step[]> {
  const steps = new Map<number, Step[]>();
  for (const row of rows) {
    const id = Number(row[0]);
    const known = steps.get(id);
    if (known === undefined) steps.set(id, [stepOf(row, decoders)]);
    else known.push(stepOf(row, decoders));
  }
  for (const own of steps.values()) own.sort((a, b) => a.offset - b.offset);
  return steps;
}

function lastOffset(steps: readonly Step[]): number {
  return steps.at(-1)?.offset ?? 0;
}

function stepOf(row: DriverRow, decoders: LogDecoders): Step {
  const [, offset, table, operation, before, after, part, beforeAt, afterAt] = row;
  const decoder = decoders.get(String(table));
  const entry = decoder === undefined ? null : entryOf(decoder.table, decoder.read, operation, before, after);
  return {
    offset: Number(offset),
    from: typeof beforeAt === "string" ? `${String(part)} ${beforeAt}` : null,
    to: typeof afterAt === "string" ? `${String(part)} ${afterAt}` : null,
    key: decoder === undefined || entry === null ? null : keyOf(decoder.table, entry),
    entry,
  };
}

function entryOf({ model }: LoggedTable, read: LogRowReader, operation: unknown, before: unknown, after: unknown): LogEntry {
  const lost: LogEntry = { model, operation: "lost", before: null, after: null };
  if (operation !== "insert" && operation !== "update" && operation !== "delete") return lost;
  const [old, fresh] = [before, after].map((text) => (typeof text === "string" ? read(text) : null));
  const isTold = (old !== null || operation === "insert") && (fresh !== null || operation === "delete");
  return isTold ? { model, operation, before: old ?? null, after: fresh ?? null } : lost;
}

function keyOf({ model, columns }: LoggedTable, { before, after }: LogEntry): string | null {
  const row = after ?? before;
  const keys = columns.filter((column) => column.primaryKey);
  if (row === null || keys.length === 0) return null;
  return `${model.tableSql} ${keys.map((key) => JSON.stringify(String(row[key.name]))).join()}`;
}
