import type { AnyModel } from "../models/model.ts";
import type { ModelColumn } from "../models/model-column.ts";
import type { Relation } from "../models/relations.ts";
import { capitalized, columnLabel } from "./column-label.ts";
import { BigIntegerField } from "./fields/big-integer-field.ts";
import { BooleanField } from "./fields/boolean-field.ts";
import { CharField } from "./fields/char-field.ts";
import { ChoiceField } from "./fields/choice-field.ts";
import { DateField } from "./fields/date-field.ts";
import { DateTimeField } from "./fields/date-time-field.ts";
import { DecimalField, type DecimalFieldOptions } from "./fields/decimal-field.ts";
import type { Field, FieldOptions } from "./fields/field.ts";
import { FloatField } from "./fields/float-field.ts";
import { IntegerField } from "./fields/integer-field.ts";
import type { NumberBounds } from "./fields/number-bounds.ts";
import { JSONField } from "./fields/json-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import { ReadOnlyField } from "./fields/read-only-field.ts";
import { TimeField } from "./fields/time-field.ts";
import { UUIDField } from "./fields/uuid-field.ts";
import type { ExtraKwargs } from "./model-serializer-options.ts";
import { UniqueValidator } from "./validators/unique-validator.ts";

/** The field of one column, by DRF's rules: type, length, null, default, choices, uniqueness; `kwargs` win. */
export function fieldOfColumn(model: AnyModel, column: ModelColumn, kwargs: ExtraKwargs): Field {
  const field = makeField(model, column, { ...kwargs, ...baseOptions(column, kwargs) });
  if (column.unique && !field.readOnly)
    field.validators.push(new UniqueValidator(model.objects, column.name, uniqueMessage(model, column)));
  return field;
}

/** DRF's words for a value that another row has. */
export function uniqueMessage(model: AnyModel, column: ModelColumn): string {
  return `${model.verboseName} with this ${columnLabel(column.name)} already exists.`;
}

/** A key that the database or the table's default makes is not the client's to choose. */
export function isReadOnlyColumn(column: ModelColumn): boolean {
  return column.generated || column.kind === "binary" || (column.primaryKey && column.hasDefault);
}

function baseOptions(column: ModelColumn, kwargs: ExtraKwargs): FieldOptions {
  const label = kwargs.label ?? capitalized(columnLabel(column.name));
  if (kwargs.readOnly ?? isReadOnlyColumn(column)) return { label, readOnly: true };
  const allowNull = kwargs.allowNull ?? column.nullable;
  if ("default" in kwargs) return { label, allowNull };
  return { label, allowNull, required: kwargs.required ?? !(column.hasDefault || column.nullable) };
}

function makeField(model: AnyModel, column: ModelColumn, options: ExtraKwargs): Field {
  const related = relatedModel(model, column);
  if (related !== null) return new PrimaryKeyRelatedField({ ...options, queryset: () => related().objects });
  const choices = options.choices ?? column.choices;
  if (choices !== undefined) return new ChoiceField({ ...options, choices });
  switch (column.kind) {
    case "string":
      return new CharField({ ...textOptions(column), ...options });
    case "integer":
      return new IntegerField({ ...withoutBounds(options), ...integerBounds(options) }).limitToColumn(column.traits.integerEnd);
    case "bigint":
      return new BigIntegerField({ ...withoutBounds(options), ...integerBounds(options) }).limitToColumn(
        column.traits.integerEnd,
      );
    case "float":
      return new FloatField({ ...withoutBounds(options), ...floatBounds(options) });
    case "decimal":
      return new DecimalField({ ...withoutBounds(options), ...decimalOptions(column, options) });
    case "boolean":
      return new BooleanField(options);
    case "datetime":
      return new DateTimeField({ ...options, valueType: column.traits.isDate === true ? "date" : "string" });
    case "date":
      return new DateField(options);
    case "time":
      return new TimeField(options);
    case "uuid":
      return new UUIDField(options);
    case "json":
      return new JSONField(options);
    case "binary":
      return new ReadOnlyField({ label: options.label ?? column.name });
  }
}

function relatedModel(model: AnyModel, column: ModelColumn): (() => AnyModel) | null {
  for (const relation of Object.values<Relation>(model.relations)) {
    if (relation.type === "belongsTo" && relation.column === column.name) return relation.model;
  }
  return null;
}

function textOptions(column: ModelColumn): { readonly allowBlank: boolean; readonly maxLength?: number } {
  const allowBlank = column.defaultValue === "";
  return column.maxLength === undefined ? { allowBlank } : { allowBlank, maxLength: column.maxLength };
}

function withoutBounds({ minValue: _min, maxValue: _max, ...options }: ExtraKwargs): Omit<ExtraKwargs, "minValue" | "maxValue"> {
  return options;
}

function integerBounds({ minValue, maxValue }: ExtraKwargs): NumberBounds<number | bigint> {
  return {
    ...(minValue === undefined ? {} : { minValue: integer(minValue) }),
    ...(maxValue === undefined ? {} : { maxValue: integer(maxValue) }),
  };
}

function integer(limit: number | bigint | string): number | bigint {
  return typeof limit === "string" ? BigInt(limit) : limit;
}

function floatBounds({ minValue, maxValue }: ExtraKwargs): { readonly minValue?: number; readonly maxValue?: number } {
  return {
    ...(minValue === undefined ? {} : { minValue: Number(minValue) }),
    ...(maxValue === undefined ? {} : { maxValue: Number(maxValue) }),
  };
}

function decimalOptions(column: ModelColumn, { minValue, maxValue }: ExtraKwargs): DecimalFieldOptions {
  return {
    ...(column.maxDigits === undefined ? {} : { maxDigits: column.maxDigits }),
    ...(column.decimalPlaces === undefined ? {} : { decimalPlaces: column.decimalPlaces }),
    ...(minValue === undefined ? {} : { minValue: String(minValue) }),
    ...(maxValue === undefined ? {} : { maxValue: String(maxValue) }),
  };
}
