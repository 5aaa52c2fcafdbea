import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { ResolvedOrdering } from "./lookup-resolver.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";
import { isSliced, type Query } from "./query.ts";
import { SqlWriter } from "./sql-writer.ts";
import { crossesRelations, type Where } from "./where.ts";
import { withNamesOfCode } from "./with-names-of-code.ts";

/** A statement ready to run. */
export interface Compiled {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** One key of a JSON object and the column it shows. */
export interface ProjectionMember {
  readonly key: string;
  /** Property key of the column. */
  readonly column: string;
}

export type Projection = readonly ProjectionMember[];

/** The columns that a query reads, in the order of the driver's row. */
export function selectedColumns(model: AnyModel, query: Query): readonly ModelColumn[] {
  if (query.columns === null) return [...model.columns.values()];
  return query.columns.map((name) => columnOf(model, name));
}

export function columnOf(model: AnyModel, name: string): ModelColumn {
  const column = name === "pk" ? model.pk : model.columns.get(name);
  if (column !== undefined) return column;
  throw new ImproperlyConfigured(`${model.name} has no column "${name}". Use one of: ${[...model.columns.keys()].join(", ")}.`);
}

export function compileRows(model: AnyModel, query: Query): Compiled {
  const { shape, params } = describe(model, query);
  return { sql: model.shapes.sql(`rows${shape}`, () => selectRows(model, query)), params };
}

export function compileCount(model: AnyModel, query: Query): Compiled {
  const { shape, params } = describe(model, query);
  const sql = model.shapes.sql(`count${shape}`, () => {
    if (isSliced(query) || query.distinct) return `SELECT count(*) FROM (${selectRows(model, query)}) AS "rows"`;
    const writer = new SqlWriter(model);
    const where = writer.where(query.where);
    return `SELECT count(*) FROM ${model.tableSql}${writer.joins}${where}`;
  });
  return { sql, params };
}

export function compileExists(model: AnyModel, query: Query): Compiled {
  const { shape, params } = describe(model, query);
  const sql = model.shapes.sql(`exists${shape}`, () => {
    if (isSliced(query)) return `SELECT 1 FROM (${selectRows(model, query)}) AS "rows" LIMIT 1`;
    const writer = new SqlWriter(model);
    const where = writer.where(query.where);
    return `SELECT 1 FROM ${model.tableSql}${writer.joins}${where} LIMIT 1`;
  });
  return { sql, params };
}

/** All rows as one JSON array text. @throws ImproperlyConfigured when a column has no JSON form in SQL. */
export function compileJsonArray(model: AnyModel, query: Query, projection: Projection): Compiled {
  const { shape, params } = describe(model, query);
  const sql = model.shapes.sql(`json[]${projectionKey(projection)}${shape}`, () => selectJsonArray(model, query, projection));
  return { sql, params };
}

/** One JSON object text per row. @throws ImproperlyConfigured when a column has no JSON form in SQL. */
export function compileJsonRows(model: AnyModel, query: Query, projection: Projection): Compiled {
  const { shape, params } = describe(model, query);
  const sql = model.shapes.sql(`json{}${projectionKey(projection)}${shape}`, () => {
    const dialect = model.database.dialect;
    const writer = new SqlWriter(model);
    const element = dialect.jsonObject(
      jsonMembers(model, projection, (column) => writer.column({ path: [], steps: [], column })),
    );
    return `SELECT ${element}${tail(model, query, writer)}`;
  });
  return { sql, params };
}

const projectionKeys = new WeakMap<Projection, string>();

/** A serializer class has one projection for all its requests. */
function projectionKey(projection: Projection): string {
  const known = projectionKeys.get(projection);
  if (known !== undefined) return known;
  const key = JSON.stringify(projection.map(({ key: name, column }) => [name, column]));
  projectionKeys.set(projection, key);
  return key;
}

/**
 * What makes two queries share one SQL text, and the values that fill it. Parameters are collected in the order in which the compiled
 * statements place them: conditions, then limit and offset.
 */
function describe(model: AnyModel, query: Query): { shape: string; params: unknown[] } {
  const params: unknown[] = [];
  let shape = query.columns === null ? ":" : `:${query.columns.join(",")}`;
  if (query.distinct) shape += " distinct";
  if (query.where !== null) shape += ` where ${describeWhere(model, query.where, params)}`;
  if (query.ordering !== null) shape += ` by ${query.ordering.join(",")}`;
  if (query.reversed) shape += " reversed";
  if (query.limit !== null) {
    shape += " limit";
    params.push(query.limit);
  }
  if (query.offset > 0) {
    shape += " offset";
    params.push(query.offset);
  }
  return { shape, params };
}

/** The shape of a where tree; pushes its driver values. */
export function describeWhere(model: AnyModel, where: Where, params: unknown[]): string {
  switch (where.type) {
    case "condition":
      model.resolver.lookup(where.name).operator.bind(where.value, params);
      return where.lookup === "isnull" ? `${where.name}=${where.value === true}` : where.name;
    case "not":
      return `!(${describeWhere(model, where.child, params)})`;
    case "nothing":
      return "0";
    default: {
      let shape = where.type;
      for (const child of where.children) shape += ` ${describeWhere(model, child, params)}`;
      return `(${shape})`;
    }
  }
}

function selectRows(model: AnyModel, query: Query): string {
  const writer = new SqlWriter(model);
  const columns = selectedColumns(model, query).map((column) => writer.column({ path: [], steps: [], column }));
  if (query.distinct)
    return `SELECT DISTINCT ${[...columns, ...sortedBy(model, query, writer, columns)].join(", ")}${tail(model, query, writer)}`;
  return `SELECT ${columns.join(", ")}${tail(model, query, writer)}`;
}

/** What distinct rows are sorted by has to be selected too, after the columns that are asked for. */
function sortedBy(model: AnyModel, query: Query, writer: SqlWriter, columns: readonly string[]): string[] {
  const keys = effectiveOrdering(model, query).map((resolved) => writer.sortKey(resolved));
  return keys.filter((key) => !columns.includes(key)).map((key, index) => `${key} AS "sorted_by_${index}"`);
}

function tail(model: AnyModel, query: Query, writer: SqlWriter): string {
  const where = writer.where(query.where);
  const order = writer.orderBy(effectiveOrdering(model, query), query.reversed);
  const limits = writeLimits(query, writer);
  return ` FROM ${model.tableSql}${writer.joins}${where}${order}${limits}`;
}

function writeLimits(query: Query, writer: SqlWriter): string {
  if (query.offset > 0) return writer.slice(query.limit !== null);
  return query.limit === null ? "" : writer.limit();
}

/** The order in which a query's rows come, the model's own included. */
export function effectiveOrdering(model: AnyModel, query: Query): readonly ResolvedOrdering[] {
  return withNamesOfCode(() => (query.ordering ?? model.ordering).map((key) => model.resolver.ordering(key)));
}

function selectJsonArray(model: AnyModel, query: Query, projection: Projection): string {
  const dialect = model.database.dialect;
  const isPlain =
    !isSliced(query) && !query.distinct && effectiveOrdering(model, query).length === 0 && !crossesRelations(query.where);
  if (isPlain) {
    const writer = new SqlWriter(model);
    const element = dialect.jsonObject(
      jsonMembers(model, projection, (column) => writer.column({ path: [], steps: [], column })),
    );
    return `SELECT ${dialect.jsonArray(element)} FROM ${model.tableSql}${writer.where(query.where)}`;
  }
  const names = query.distinct ? query.columns : [...new Set(projection.map((member) => member.column))];
  const rows = selectRows(model, { ...query, columns: names });
  const element = dialect.jsonObject(jsonMembers(model, projection, (column) => dialect.quote(column.columnName)));
  return `SELECT ${dialect.jsonArray(element)} FROM (${rows}) AS "rows"`;
}

function jsonMembers(model: AnyModel, projection: Projection, sqlOf: (column: ModelColumn) => string): [string, string][] {
  return projection.map(({ key, column: name }) => {
    const column = columnOf(model, name);
    const member = model.database.dialect.jsonMember(column, sqlOf(column));
    if (member !== null) return [key, member];
    throw new ImproperlyConfigured(
      `Column "${name}" of ${model.name} (${column.kind}) cannot be projected to JSON in SQL. Ask canProjectJson() first.`,
    );
  });
}
