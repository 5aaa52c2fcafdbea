import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";
import type { AnyQuerySet } from "./queryset.ts";

/** A table as the database has it now, whatever the application's code says of it. */
export interface StoredTable {
  /** `view`: rows can be read, but a trigger cannot follow them. */
  readonly kind: "table" | "view";
  readonly columns: readonly StoredColumn[];
  /** How many rows there are; counted up to the limit that was asked for, and no further. */
  readonly rows: number;
}

/** A column as the database has it now. */
export interface StoredColumn {
  /** The name in SQL. */
  readonly name: string;
  /** Must a new row give a value for it: not null, no default, not made by the database? */
  readonly required: boolean;
}

/** How the database would go about a query, if the table were large. */
export interface QueryPlan {
  /** Are rows found by an index, not by reading all of them? */
  readonly findsByIndex: boolean;
  /** Do rows come out of an index in their order, or nearly so, instead of being sorted? */
  readonly sortsByIndex: boolean;
}

/** What a column's index is for. */
export type IndexUse = "equality" | "membership" | "comparison" | "ordering";

/** An index that would help, as one writes it in SQL and in a drizzle table. */
export interface SuggestedIndex {
  readonly sql: string;
  /** One member of the list that a table's third argument returns. */
  readonly drizzle: string;
}

/**
 * What a database says of its own tables. For checks: it reads only, and MUST NOT change anything, take a lock that others wait for, or read
 * more than `rowLimit` rows. Everything else that goes wrong comes out as the errors of `StatementRunner`.
 */
export interface Catalog {
  /** @returns null when there is neither a table nor a view of that name. */
  table(model: AnyModel, rowLimit: number): Promise<StoredTable | null>;
  /** The model's table MUST exist with the columns that the query names. */
  plan(queryset: AnyQuerySet): Promise<QueryPlan>;
  /** @returns null when no index that a user would write can help: the database compares another form of the column. */
  suggestIndex(model: AnyModel, column: ModelColumn, use: IndexUse): SuggestedIndex | null;
}
