import { JsonText } from "../protocol/json.ts";
import { compileCount, compileExists, compileJsonRows, type Compiled, type Projection } from "./compile-select.ts";
import { DatabaseError } from "./errors.ts";
import type { AnyModel } from "./model.ts";
import type { Query } from "./query.ts";
import type { Where } from "./where.ts";

export async function countRows(model: AnyModel, query: Query): Promise<number> {
  const { sql, params } = compileCount(model, query);
  const row = await model.database.statements.first(sql, params);
  return Number(row?.[0] ?? 0);
}

export async function rowsExist(model: AnyModel, query: Query): Promise<boolean> {
  const { sql, params } = compileExists(model, query);
  return (await model.database.statements.first(sql, params)) !== undefined;
}

/** All rows as one JSON array; `compiled` gives one row with its text. */
export async function readJsonArray(model: AnyModel, { sql, params }: Compiled): Promise<JsonText> {
  const found = model.database.statements.first(sql, params);
  const row = found instanceof Promise ? await found : found;
  // An aggregate always has a row: without one, an empty list would be made up.
  if (row === undefined) throw new DatabaseError(`The list of ${model.name} could not be read: the database gave no row.`);
  return new JsonText(String(row[0] ?? "[]"));
}

/** The first row as a JSON object; the query should have one at most. */
export async function readJsonObject(model: AnyModel, query: Query, projection: Projection): Promise<JsonText | null> {
  const { sql, params } = compileJsonRows(model, query, projection);
  const row = model.database.statements.first(sql, params);
  const text = (row instanceof Promise ? await row : row)?.[0];
  return text === undefined ? null : new JsonText(String(text));
}

/** Can at most one row satisfy the condition, since it fixes a unique column? */
export function namesOneRow(model: AnyModel, where: Where | null): boolean {
  if (where?.type === "and") return where.children.some((child) => namesOneRow(model, child));
  if (where?.type !== "condition" || where.lookup !== "exact" || where.path.length > 0) return false;
  return model.columns.get(where.column)?.unique === true;
}
