import type { InferInsertModel, InferSelectModel, Table } from "drizzle-orm";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Database } from "./database.ts";
import type { TableConfig } from "./dialect.ts";
import { LookupResolver } from "./lookup-resolver.ts";
import type { ModelColumn } from "./model-column.ts";
import { QuerySet } from "./queryset.ts";
import { readColumns, readUniqueTogether } from "./read-columns.ts";
import type { Relations } from "./relations.ts";
import { rowDecoder, type RowDecoder } from "./row-decoder.ts";
import { ShapeCache } from "./shape-cache.ts";
import { withNamesOfCode } from "./with-names-of-code.ts";

export interface ModelOptions<R extends Relations = Relations> {
  /** Default: from the table's name, `auth_user` gives `AuthUser`. */
  readonly name?: string;
  /** What messages call one row. Default: the name in words, `UuidThing` gives "uuid thing". */
  readonly verboseName?: string;
  readonly relations?: R;
  /** The order of rows where a queryset has none: names, `-` before a name for descending. Default: none. */
  readonly ordering?: readonly string[];
}

/** Any model, for code that serves them all. */
// eslint-disable-next-line typescript/no-explicit-any
export type AnyModel = Model<any, any>;

/** A table with what Restwave knows of it. Made by `database.model(table)`. */
export class Model<T extends Table, R extends Relations = {}> {
  /** For the type system only. */
  declare readonly types: { row: InferSelectModel<T>; insert: InferInsertModel<T> };

  readonly database: Database;
  readonly table: T;
  readonly tableName: string;
  /** The table's name as SQL, quoted. */
  readonly tableSql: string;
  readonly name: string;
  readonly verboseName: string;
  readonly relations: R;
  readonly ordering: readonly string[];
  /** By property key, in the table's order. */
  readonly columns: ReadonlyMap<string, ModelColumn>;
  /** Property keys of each set of columns that is unique as a whole. */
  readonly uniqueTogether: readonly (readonly string[])[];
  /** Property keys of columns that a serializer takes but never gives: they stay out of the change log. */
  readonly sensitiveColumns: Set<string> = new Set();
  /** All rows. */
  readonly objects: QuerySet<T, R>;
  /** For querysets: a driver row with all columns to a row object. */
  readonly decoder: RowDecoder;
  /** For querysets: names to columns. */
  readonly resolver: LookupResolver;
  /** For querysets: what was compiled before. */
  readonly shapes: ShapeCache;

  constructor(database: Database, table: T, options: ModelOptions<R> = {}) {
    const config = database.dialect.tableConfig(table);
    this.database = database;
    this.table = table;
    this.tableName = config.name;
    this.tableSql = qualifiedName(database, config);
    this.name = options.name ?? pascalCase(config.name);
    this.verboseName = options.verboseName ?? words(this.name);
    this.columns = readColumns(table, config, database.dialect);
    this.uniqueTogether = readUniqueTogether(table, config);
    this.relations = checkedRelations(this, options.relations);
    this.ordering = options.ordering ?? [];
    this.decoder = rowDecoder([...this.columns.values()]);
    this.resolver = new LookupResolver(this);
    this.shapes = new ShapeCache();
    for (const key of this.ordering) if (!isRelated(this.relations, key)) withNamesOfCode(() => this.resolver.ordering(key));
    this.objects = new QuerySet<T, R>(this);
  }

  /** @throws ImproperlyConfigured when the primary key is missing or has several columns. */
  get pk(): ModelColumn {
    const keys = [...this.columns.values()].filter((column) => column.primaryKey);
    const [first, ...rest] = keys;
    if (first === undefined)
      throw new ImproperlyConfigured(`${this.name} needs a primary key column: add .primaryKey() to one of its columns.`);
    if (rest.length > 0) {
      throw new ImproperlyConfigured(
        `${this.name} has a primary key of several columns (${keys.map((key) => key.name).join(", ")}). Expected one: use an id column and unique().on(...) for the pair.`,
      );
    }
    Object.defineProperty(this, "pk", { value: first, enumerable: true });
    return first;
  }
}

function qualifiedName(database: Database, config: TableConfig): string {
  const name = database.dialect.quote(config.name);
  return config.schema === undefined ? name : `${database.dialect.quote(config.schema)}.${name}`;
}

function pascalCase(tableName: string): string {
  return tableName
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function words(name: string): string {
  return name.replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ").toLowerCase();
}

function isRelated(relations: Relations, key: string): boolean {
  return Object.keys(relations).some((name) => key.replace(/^-/, "").startsWith(`${name}__`));
}

function checkedRelations<R extends Relations>(
  model: { name: string; columns: ReadonlyMap<string, ModelColumn> },
  relations: R | undefined,
): R {
  const declared: Relations = relations ?? {};
  for (const [name, relation] of Object.entries(declared)) {
    if (name === "pk" || name.includes("__") || model.columns.has(name)) {
      throw new ImproperlyConfigured(
        `Expected relation "${name}" of ${model.name} to be other than "pk", without "__" and not the name of a column.`,
      );
    }
    if (relation.type === "belongsTo" && !model.columns.has(relation.column)) {
      throw new ImproperlyConfigured(
        `Relation "${name}" of ${model.name} names the column "${relation.column}". Expected one of: ${[...model.columns.keys()].join(", ")}.`,
      );
    }
  }
  return declared as R;
}
