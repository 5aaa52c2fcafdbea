import type { ColumnKind } from "../models/column-kind.ts";
import type { ModelColumn } from "../models/model-column.ts";
import { BigIntegerField } from "./fields/big-integer-field.ts";
import { BooleanField } from "./fields/boolean-field.ts";
import { CharField } from "./fields/char-field.ts";
import { ChoiceField } from "./fields/choice-field.ts";
import { DateField } from "./fields/date-field.ts";
import { DateTimeField } from "./fields/date-time-field.ts";
import { DecimalField } from "./fields/decimal-field.ts";
import { Field } from "./fields/field.ts";
import { FloatField } from "./fields/float-field.ts";
import { IntegerField } from "./fields/integer-field.ts";
import { JSONField } from "./fields/json-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import { ReadOnlyField } from "./fields/read-only-field.ts";
import { TimeField } from "./fields/time-field.ts";
import { UUIDField } from "./fields/uuid-field.ts";

type FieldClass = abstract new (...args: never[]) => Field;

const KINDS: readonly (readonly [FieldClass, readonly ColumnKind[]])[] = [
  [CharField, ["string"]],
  [ChoiceField, ["string", "integer"]],
  [BooleanField, ["boolean"]],
  [BigIntegerField, ["bigint"]],
  [IntegerField, ["integer", "bigint"]],
  [FloatField, ["float"]],
  [DecimalField, ["decimal"]],
  [DateTimeField, ["datetime"]],
  [DateField, ["date"]],
  [TimeField, ["time"]],
  [UUIDField, ["uuid"]],
  [JSONField, ["json"]],
  [PrimaryKeyRelatedField, ["integer", "bigint", "string", "uuid"]],
  [
    ReadOnlyField,
    ["integer", "bigint", "float", "decimal", "string", "boolean", "datetime", "date", "time", "uuid", "json", "binary"],
  ],
];

/**
 * Whether a field shows the column's value as the database itself writes it into JSON, so that a list may be built by the database. A
 * subclass that overrides `toRepresentation` does not.
 */
export function representsColumn(field: Field, column: ModelColumn): boolean {
  const known = KINDS.find(([kind]) => field instanceof kind);
  if (known === undefined || !known[1].includes(column.kind)) return false;
  if (field instanceof DecimalField && field.decimalPlaces !== (column.decimalPlaces ?? null)) return false;
  return field.toRepresentation === known[0].prototype.toRepresentation && field.representMany === Field.prototype.representMany;
}
