import type { Column, Table } from "drizzle-orm";
import type { ColumnKind, ColumnTraits } from "./column-kind.ts";

/** One column of a model, as serializers, filters and querysets see it. */
export interface ModelColumn {
  /** The property key of the table definition: the name in rows and lookups. */
  readonly name: string;
  /** The name in SQL. */
  readonly columnName: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** A value is found when none is given: static, by function, by SQL, or generated. */
  readonly hasDefault: boolean;
  /** The static default, or undefined. */
  readonly defaultValue: unknown;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  /** The database makes the value itself: autoincrement, identity, computed column. */
  readonly generated: boolean;
  readonly maxLength?: number;
  readonly choices?: readonly string[];
  readonly maxDigits?: number;
  readonly decimalPlaces?: number;
  readonly references?: ColumnReference;
  /** How values look to the driver. */
  readonly traits: ColumnTraits;
  /** The drizzle column that this one was read from. */
  readonly source: Column;
}

/** The column of another table that a foreign key names. */
export interface ColumnReference {
  readonly table: Table;
  /** Property key in that table. */
  readonly column: string;
}
