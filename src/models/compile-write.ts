import { is, SQL } from "drizzle-orm";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { describeWhere, effectiveOrdering, selectedColumns, type Compiled } from "./compile-select.ts";
import { fitDecimal } from "./decimal-values.ts";
import { FieldError } from "./errors.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";
import { INVALID, normalizeValue } from "./normalize-value.ts";
import { isSliced, type Query } from "./query.ts";
import { SqlWriter } from "./sql-writer.ts";
import { crossesRelations } from "./where.ts";

/** Values by column, ready for the driver. */
export type DriverValues = ReadonlyMap<ModelColumn, unknown>;

/**
 * The driver values of a new row: given values, then drizzle's `$defaultFn`, static default and `$onUpdate`. What has none is left to the
 * database.
 *
 * @throws ImproperlyConfigured for an unknown column, FieldError for a value that the column cannot hold.
 */
export function insertValues(model: AnyModel, given: Readonly<Record<string, unknown>>): DriverValues {
  assertKnown(model, given);
  const values = new Map<ModelColumn, unknown>();
  for (const column of model.columns.values()) {
    const value = given[column.name] === undefined ? defaultFor(column) : given[column.name];
    if (value !== undefined) values.set(column, driverValue(column, value));
  }
  return values;
}

/** The driver values of a change: given values, then drizzle's `$onUpdate` for the rest. @throws as `insertValues`. */
export function updateValues(model: AnyModel, given: Readonly<Record<string, unknown>>): DriverValues {
  assertKnown(model, given);
  const values = new Map<ModelColumn, unknown>();
  for (const column of model.columns.values()) {
    const value = given[column.name] === undefined ? column.source.onUpdateFn?.() : given[column.name];
    if (value !== undefined && !is(value, SQL)) values.set(column, driverValue(column, value));
  }
  return values;
}

function assertKnown(model: AnyModel, given: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(given)) {
    if (model.columns.has(key)) continue;
    throw new ImproperlyConfigured(
      `Expected values for columns of ${model.name}, got one for "${key}". Use some of: ${[...model.columns.keys()].join(", ")}.`,
    );
  }
}

function defaultFor(column: ModelColumn): unknown {
  const { source } = column;
  const made = source.defaultFn?.() ?? column.defaultValue;
  const value = made === undefined && source.default === undefined ? source.onUpdateFn?.() : made;
  return is(value, SQL) ? undefined : value;
}

/** @throws FieldError when the column cannot hold the value. */
export function driverValue(column: ModelColumn, value: unknown): unknown {
  if (value === null) return null;
  const normal = normalizeValue(column, value);
  if (normal === INVALID) throw new FieldError(column.name, `Not a value for a column of kind ${column.kind}.`);
  const refusal = column.traits.refusal?.(normal);
  if (refusal !== undefined) throw new FieldError(column.name, refusal);
  return column.traits.toDriver(column.kind === "decimal" ? fitted(column, String(normal)) : normal);
}

function fitted(column: ModelColumn, decimal: string): string {
  const { maxDigits, decimalPlaces } = column;
  if (maxDigits === undefined || decimalPlaces === undefined) return decimal;
  const fit = fitDecimal(decimal, maxDigits, decimalPlaces);
  if (fit !== undefined) return fit;
  throw new FieldError(
    column.name,
    `Expected a decimal with at most ${maxDigits} digits, ${decimalPlaces} of them after the point.`,
  );
}

/** Inserts rows that name the same columns; gives the new rows back. */
export function compileInsert(model: AnyModel, rows: readonly DriverValues[]): Compiled {
  const columns = [...(rows[0]?.keys() ?? [])];
  const shape = `insert:${columns.map((column) => column.name).join(",")}*${rows.length}`;
  return {
    sql: model.shapes.sql(shape, () => writeInsert(model, columns, rows.length)),
    params: rows.flatMap((row) => [...row.values()]),
  };
}

function writeInsert(model: AnyModel, columns: readonly ModelColumn[], count: number): string {
  const writer = new SqlWriter(model);
  const { dialect } = model.database;
  const returning = ` RETURNING ${columnList(model, [...model.columns.values()])}`;
  if (columns.length === 0) return `INSERT INTO ${model.tableSql} DEFAULT VALUES${returning}`;
  const names = columns.map((column) => dialect.quote(column.columnName)).join(", ");
  const tuple = () => `(${columns.map(writer.placeholder).join(", ")})`;
  return `INSERT INTO ${model.tableSql} (${names}) VALUES ${Array.from({ length: count }, tuple).join(", ")}${returning}`;
}

function columnList(model: AnyModel, columns: readonly ModelColumn[]): string {
  return columns.map((column) => model.database.dialect.quote(column.columnName)).join(", ");
}

export function compileUpdate(model: AnyModel, query: Query, values: DriverValues, returning: boolean): Compiled {
  const columns = [...values.keys()];
  const params = [...values.values()];
  const shape = `update:${columns.map((column) => column.name).join(",")}${returning ? " returning" : ""}${targetShape(model, query, params)}`;
  const sql = model.shapes.sql(shape, () => {
    const writer = new SqlWriter(model);
    const assignments = columns.map((column) => `${model.database.dialect.quote(column.columnName)} = ${writer.placeholder()}`);
    const tail = returning ? ` RETURNING ${columnList(model, selectedColumns(model, query))}` : "";
    return `UPDATE ${model.tableSql} SET ${assignments.join(", ")}${writeTarget(model, query, writer)}${tail}`;
  });
  return { sql, params };
}

export function compileDelete(model: AnyModel, query: Query): Compiled {
  const params: unknown[] = [];
  const shape = `delete${targetShape(model, query, params)}`;
  const sql = model.shapes.sql(shape, () => `DELETE FROM ${model.tableSql}${writeTarget(model, query, new SqlWriter(model))}`);
  return { sql, params };
}

function targetShape(model: AnyModel, query: Query, params: unknown[]): string {
  let shape = query.columns === null ? "" : `:${query.columns.join(",")}`;
  if (query.where !== null) shape += ` where ${describeWhere(model, query.where, params)}`;
  if (!isSliced(query)) return shape;
  if (query.ordering !== null) shape += ` by ${query.ordering.join(",")}`;
  if (query.limit !== null) params.push(query.limit);
  params.push(query.offset);
  return `${shape}${query.reversed ? " reversed" : ""} ${query.limit === null ? "offset" : "sliced"}`;
}

/** The rows to write to. Joins and limits have no place in UPDATE and DELETE: those go through a subquery. */
function writeTarget(model: AnyModel, query: Query, writer: SqlWriter): string {
  if (!isSliced(query) && !crossesRelations(query.where)) return writer.where(query.where);
  const column = model.pk;
  const pk = writer.column({ path: [], steps: [], column });
  const where = writer.where(query.where);
  const order = isSliced(query) ? writer.orderBy(effectiveOrdering(model, query), query.reversed) : "";
  const limits = isSliced(query) ? writer.slice(query.limit !== null) : "";
  return ` WHERE ${pk} IN (SELECT ${pk} FROM ${model.tableSql}${writer.joins}${where}${order}${limits})`;
}
