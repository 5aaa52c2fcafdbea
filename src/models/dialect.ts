import type { Column, Table } from "drizzle-orm";
import type { ColumnTraits } from "./column-kind.ts";
import type { ModelColumn } from "./model-column.ts";
import type { LookupName, ValueLookup } from "./where.ts";

/** Hands out the placeholder of the next parameter. */
export type Placeholder = () => string;

/** One lookup on one column: its SQL and the parameters that fill it. `bind` must push as many as `write` asks for, in the same order. */
export interface LookupOperator {
  readonly write: (expression: string, placeholder: Placeholder) => string;
  /** @param value the condition's value: a row value, or a list of them for `in` and `range`. */
  readonly bind: (value: unknown, params: unknown[]) => void;
}

/** The parts of a table definition that drizzle keeps per database. */
export interface TableConfig {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly primaryKeys: readonly { readonly columns: readonly Column[] }[];
  readonly uniqueConstraints: readonly { readonly columns: readonly Column[] }[];
  readonly uniqueIndexes: readonly { readonly columns: readonly Column[] }[];
  readonly foreignKeys: readonly {
    readonly reference: () => {
      readonly columns: readonly Column[];
      readonly foreignColumns: readonly Column[];
      readonly foreignTable: Table;
    };
  }[];
}

/** What the SQL of one database looks like. MUST be free of state: one dialect serves every connection. */
export interface Dialect {
  readonly name: string;
  /** Parameters that one statement may have. */
  readonly maxParameters: number;
  quote(identifier: string): string;
  /** @param position counted from 1. */
  placeholder(position: number): string;
  tableConfig(table: Table): TableConfig;
  traits(column: Column): ColumnTraits;
  /** Is this column filled by the database on its own (autoincrement, identity)? */
  isGenerated(column: Column): boolean;
  /** Must agree with `predicate.ts` on every row. */
  operator(column: ModelColumn, lookup: ValueLookup): LookupOperator;
  /** The condition that a row shows no value there. Must agree with `predicate.ts`. */
  isNull(column: ModelColumn, expression: string): string;
  /** Can the predicate tell what this lookup finds? Where not, the database is asked. */
  isPredictable(column: ModelColumn, lookup: LookupName): boolean;
  /** What rows are sorted by: the values that they show, texts by code point. Must agree with `predicate.ts`. */
  sortKey(column: ModelColumn, expression: string): string;
  /**
   * One term of ORDER BY. NULL sorts before every value, so that all databases and the predicate agree.
   *
   * @param nullable whether there may be NULL: in the column, or since there is no related row.
   */
  ordering(key: string, descending: boolean, nullable: boolean): string;
  /** "No limit" where an offset is given. */
  readonly noLimit: string;
  /** A placeholder as the number after LIMIT or OFFSET. */
  count(placeholder: string): string;
  /**
   * SQL for a column's value inside a JSON object, or null where its text could differ from what `encodeJson` writes for
   * `toJsonValue(column, value)`.
   */
  jsonMember(column: ModelColumn, expression: string): string | null;
  /** SQL that makes one object of members `[key, SQL]`. */
  jsonObject(members: readonly (readonly [string, string])[]): string;
  /** SQL that makes one array, as text, of all rows' `element`. */
  jsonArray(element: string): string;
}
