import { compileRows } from "./compile-select.ts";
import { compileDelete, compileInsert, compileUpdate, insertValues, updateValues, type DriverValues } from "./compile-write.ts";
import type { DriverRow } from "./database.ts";
import { explainIntegrityError } from "./explain-integrity-error.ts";
import type { AnyModel } from "./model.ts";
import type { Query } from "./query.ts";

type Values = Readonly<Record<string, unknown>>;

/** Rows that one INSERT carries at most: more make it no faster and its text longer. */
const MAX_ROWS_PER_INSERT = 100;

export async function createRow(model: AnyModel, given: Values): Promise<Record<string, unknown>> {
  const values = insertValues(model, given);
  const [row] = await insert(model, [values]);
  return model.decoder(row ?? []);
}

export async function bulkCreateRows(model: AnyModel, given: readonly Values[]): Promise<Record<string, unknown>[]> {
  const chunks = chunked(
    model,
    given.map((values) => insertValues(model, values)),
  );
  if (chunks.length <= 1) return decoded(model, await insertAll(model, chunks));
  return decoded(model, await model.database.atomic(() => insertAll(model, chunks)));
}

function decoded(model: AnyModel, rows: readonly DriverRow[]): Record<string, unknown>[] {
  return rows.map((row) => model.decoder(row));
}

async function insertAll(model: AnyModel, chunks: readonly (readonly DriverValues[])[]): Promise<DriverRow[]> {
  const rows: DriverRow[] = [];
  for (const chunk of chunks) rows.push(...(await insert(model, chunk)));
  return rows;
}

async function insert(model: AnyModel, rows: readonly DriverValues[]): Promise<readonly DriverRow[]> {
  const { sql, params } = compileInsert(model, rows);
  try {
    return await model.database.statements.returning(sql, params);
  } catch (error) {
    throw await explainIntegrityError(model, error, rows);
  }
}

/** Neighbours that name the same columns go together, as many as the database takes parameters. */
function chunked(model: AnyModel, rows: readonly DriverValues[]): DriverValues[][] {
  const chunks: DriverValues[][] = [];
  let open: { readonly key: string; readonly rows: DriverValues[] } | undefined;
  for (const row of rows) {
    const key = [...row.keys()].map((column) => column.name).join(",");
    if (open === undefined || open.key !== key || open.rows.length >= rowsPerInsert(model, row)) {
      open = { key, rows: [] };
      chunks.push(open.rows);
    }
    open.rows.push(row);
  }
  return chunks;
}

function rowsPerInsert(model: AnyModel, row: DriverValues): number {
  if (row.size === 0) return 1;
  return Math.max(1, Math.min(MAX_ROWS_PER_INSERT, Math.floor(model.database.dialect.maxParameters / row.size)));
}

export async function updateRows(model: AnyModel, query: Query, given: Values): Promise<number> {
  const values = updateValues(model, given);
  if (values.size === 0) return (await readRows(model, query)).length;
  const { sql, params } = compileUpdate(model, query, values, false);
  try {
    return await model.database.statements.run(sql, params);
  } catch (error) {
    throw await explainIntegrityError(model, error, [values]);
  }
}

export async function updateRowsReturning(model: AnyModel, query: Query, given: Values): Promise<readonly DriverRow[]> {
  const values = updateValues(model, given);
  if (values.size === 0) return readRows(model, query);
  const { sql, params } = compileUpdate(model, query, values, true);
  try {
    return await model.database.statements.returning(sql, params);
  } catch (error) {
    throw await explainIntegrityError(model, error, [values]);
  }
}

/** A change of nothing changes nothing, but still tells which rows it would have met. */
async function readRows(model: AnyModel, query: Query): Promise<readonly DriverRow[]> {
  const { sql, params } = compileRows(model, query);
  return model.database.statements.all(sql, params);
}

export async function deleteRows(model: AnyModel, query: Query): Promise<number> {
  const { sql, params } = compileDelete(model, query);
  try {
    return await model.database.statements.run(sql, params);
  } catch (error) {
    throw await explainIntegrityError(model, error, []);
  }
}
