/** What a column holds, whatever the database calls it. The JavaScript value of each kind stands in `docs/models.md`. */
export type ColumnKind =
  | "integer"
  | "bigint"
  | "float"
  | "decimal"
  | "string"
  | "boolean"
  | "datetime"
  | "date"
  | "time"
  | "uuid"
  | "json"
  | "binary";

/** What an adapter knows of a column: its kind and how its values look to the driver. */
export interface ColumnTraits {
  readonly kind: ColumnKind;
  /** Row value (never null) to driver value. */
  readonly toDriver: (value: unknown) => unknown;
  /** Driver value (never null) to row value; left out when they are the same. */
  readonly fromDriver?: (value: unknown) => unknown;
  /** A row's value is a `Date` (drizzle's timestamp modes), not a text. */
  readonly isDate?: boolean;
  /** The database compares the stored form in another order than that of the values: only equality lookups make sense. */
  readonly unordered?: boolean;
  readonly maxLength?: number;
  readonly maxDigits?: number;
  readonly decimalPlaces?: number;
}
