import type { JsonSchema } from "../protocol/json-schema.ts";
import { BaseIntegerField } from "../serializers/fields/base-integer-field.ts";
import { BooleanField } from "../serializers/fields/boolean-field.ts";
import { CharField } from "../serializers/fields/char-field.ts";
import { ChoiceField } from "../serializers/fields/choice-field.ts";
import { DateField } from "../serializers/fields/date-field.ts";
import { DateTimeField } from "../serializers/fields/date-time-field.ts";
import { DecimalField } from "../serializers/fields/decimal-field.ts";
import { DictField } from "../serializers/fields/dict-field.ts";
import { DurationField } from "../serializers/fields/duration-field.ts";
import type { Field } from "../serializers/fields/field.ts";
import { FloatField } from "../serializers/fields/float-field.ts";
import { ListField } from "../serializers/fields/list-field.ts";
import { ManyRelatedField } from "../serializers/fields/many-related-field.ts";
import { MultipleChoiceField } from "../serializers/fields/multiple-choice-field.ts";
import { NestedField } from "../serializers/fields/nested-field.ts";
import { PrimaryKeyRelatedField } from "../serializers/fields/primary-key-related-field.ts";
import { ReadOnlyField } from "../serializers/fields/read-only-field.ts";
import { SlugRelatedField } from "../serializers/fields/slug-related-field.ts";
import { TimeField } from "../serializers/fields/time-field.ts";
import { UUIDField } from "../serializers/fields/uuid-field.ts";
import { columnOfField, relatedModelOf } from "./column-of-field.ts";
import type { FieldPlace } from "./field-place.ts";
import { nullable } from "./nullable.ts";
import { decimalSchema, floatSchema, integerSchema } from "./number-schemas.ts";
import { schemaOfColumn } from "./schema-of-column.ts";
import { textForms } from "./text-forms.ts";
import { textSchema } from "./text-schemas.ts";

type Describe = (field: Field, place: FieldPlace) => JsonSchema | null;

function of<F extends Field>(
  kind: abstract new (...args: never[]) => F,
  describe: (field: F, place: FieldPlace) => JsonSchema,
): Describe {
  return (field, place) => (field instanceof kind ? describe(field, place) : null);
}

/** A field of the application's own is described as the one that it extends. */
const KINDS: readonly Describe[] = [
  of(CharField, (field, { direction }) => textSchema(field, direction)),
  of(BaseIntegerField, (field, { direction }) => integerSchema(field, direction)),
  of(FloatField, (field, { direction }) => floatSchema(field, direction)),
  of(DecimalField, (field, { direction }) => decimalSchema(field, direction)),
  of(BooleanField, () => ({ type: "boolean" })),
  of(DateTimeField, () => textForms.dateTime),
  of(DateField, () => ({ type: "string", format: "date" })),
  of(TimeField, () => textForms.timeOfDay),
  of(DurationField, (_field, { direction }) => (direction === "out" ? textForms.duration : { type: ["string", "number"] })),
  of(UUIDField, () => ({ type: "string", format: "uuid" })),
  of(ChoiceField, ({ choices, allowBlank }) => enumeration([...choices.values(), ...(allowBlank ? [""] : [])])),
  of(MultipleChoiceField, (field) => arrayOf(enumeration([...field.choices.values()]), field)),
  of(ListField, (field, place) => arrayOf(schemaOfField(field.child, place), field, place)),
  of(ManyRelatedField, (field, place) => arrayOf(schemaOfField(field.child, place), field, place)),
  of(DictField, dictSchema),
  of(NestedField, nestedSchema),
  of(PrimaryKeyRelatedField, keySchema),
  of(SlugRelatedField, slugSchema),
  of(ReadOnlyField, (field, place) => {
    const shown = columnOfField(field, place);
    return shown === null ? {} : schemaOfColumn(shown.column);
  }),
];

/** What a field takes, or shows, as JSON Schema. Of a field whose class says nothing of its values it is `{}`. */
export function schemaOfField(field: Field, place: FieldPlace): JsonSchema {
  const schema = { ...(field.jsonSchema ?? describe(field, place)), ...annotations(field, place) };
  return takesNull(field, place) ? nullable(schema) : schema;
}

function describe(field: Field, place: FieldPlace): JsonSchema {
  for (const kind of KINDS) {
    const schema = kind(field, place);
    if (schema !== null) return schema;
  }
  return {};
}

/** A column shows the null that it holds, whatever its field would take. */
function takesNull(field: Field, place: FieldPlace): boolean {
  if (field.jsonSchema !== null || field.allowNull) return field.allowNull;
  return place.direction === "out" && columnOfField(field, place)?.nullable === true;
}

function annotations({ label, helpText, readOnly, writeOnly, default: value }: Field, { direction }: FieldPlace): JsonSchema {
  const description = helpText === null ? {} : { description: helpText };
  if (direction === "out") return { ...description, ...(readOnly ? { readOnly } : {}) };
  return {
    ...(label === null ? {} : { title: label }),
    ...description,
    ...(writeOnly ? { writeOnly } : {}),
    ...(["string", "number", "boolean"].includes(typeof value) ? { default: value } : {}),
  };
}

function enumeration(values: readonly (string | number)[]): JsonSchema {
  const types = [...new Set(values.map((value) => (typeof value === "number" ? "number" : "string")))];
  return { type: types.length === 1 ? types[0] : types, enum: values };
}

interface Sized {
  readonly allowEmpty: boolean;
  readonly minLength?: number | null;
  readonly maxLength?: number | null;
}

function arrayOf(items: JsonSchema, { allowEmpty, minLength, maxLength }: Sized, place?: FieldPlace): JsonSchema {
  if (place?.direction === "out") return { type: "array", items };
  const least = minLength ?? (allowEmpty ? null : 1);
  return {
    type: "array",
    items,
    ...(least === null ? {} : { minItems: least }),
    ...(typeof maxLength === "number" ? { maxItems: maxLength } : {}),
  };
}

function dictSchema({ child, allowEmpty }: DictField, place: FieldPlace): JsonSchema {
  const size = allowEmpty || place.direction === "out" ? {} : { minProperties: 1 };
  return { type: "object", additionalProperties: schemaOfField(child, place), ...size };
}

function nestedSchema(field: NestedField, place: FieldPlace): JsonSchema {
  const one = place.nested(field);
  return field.many ? arrayOf(one, field, place) : one;
}

function keySchema(field: PrimaryKeyRelatedField, place: FieldPlace): JsonSchema {
  const column = columnOfField(field, place)?.column ?? relatedModelOf(field, place)?.pk;
  return column === undefined ? { type: ["integer", "string"] } : schemaOfColumn(column);
}

function slugSchema(field: SlugRelatedField, place: FieldPlace): JsonSchema {
  const column = relatedModelOf(field, place)?.columns.get(field.slugField);
  return column === undefined ? {} : schemaOfColumn(column);
}
