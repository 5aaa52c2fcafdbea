/**
 * What a column holds, whatever the database calls it. Its value in a row: integer and float a number (an integer beyond 2^53 a bigint), bigint
 * a bigint, decimal a text like `"12.50"`, datetime a `Date` for drizzle's timestamp modes and else a text like
 * `"2024-05-06T05:08:09.123456Z"`, date `"2024-05-06"`, time `"05:08:09"`, uuid lower-case and dashed, json any JSON value, binary a Uint8Array.
 */
export type ColumnKind =
  "integer" | "bigint" | "float" | "decimal" | "string" | "boolean" | "datetime" | "date" | "time" | "uuid" | "json" | "binary";

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
  /** Holds integers beyond 64 bits. */
  readonly wide?: boolean;
  /** The form in which the database compares row values, where that is not the driver's. */
  readonly comparable?: (value: unknown) => number | bigint | string;
  /** Why the column cannot hold a value of its kind, if so. */
  readonly refusal?: (value: unknown) => string | undefined;
  /** Only the database knows which values of its kind the column takes: writing another is a `DataError`. */
  readonly unchecked?: boolean;
  /** The column holds integers from `-integerEnd` to before `integerEnd`. Left out: those of 64 bits. */
  readonly integerEnd?: bigint;
  readonly maxLength?: number;
  readonly maxDigits?: number;
  readonly decimalPlaces?: number;
}
