import { Field } from "./fields/field.ts";
import { NestedField } from "./fields/nested-field.ts";

/** One field described as data. */
export interface FieldSchema {
  readonly name: string;
  /** The field's class: `CharField`, `NestedField` ... */
  readonly type: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly allowNull: boolean;
  readonly label: string | null;
  readonly helpText: string | null;
  /** Limits that the field sets, by the names of its options: `maxLength`, `minValue`, `choices` ... */
  readonly constraints: Readonly<Record<string, unknown>>;
  /** Elements of a list or object field. */
  readonly child?: FieldSchema;
  /** Fields of a nested serializer; `many` says whether it is a list of them. */
  readonly nested?: { readonly many: boolean; readonly fields: readonly FieldSchema[] };
}

const CONSTRAINTS = [
  "allowBlank",
  "allowEmpty",
  "minLength",
  "maxLength",
  "minValue",
  "maxValue",
  "maxDigits",
  "decimalPlaces",
  "pattern",
] as const;

export function schemaOfField(name: string, field: Field): FieldSchema {
  const { required, readOnly, writeOnly, allowNull, label, helpText } = field;
  const base = { name, type: field.constructor.name, required, readOnly, writeOnly, allowNull, label, helpText };
  const described = { ...base, constraints: constraintsOf(field) };
  if (field instanceof NestedField)
    return { ...described, nested: { many: field.many, fields: field.serializerClass.fieldSchema() } };
  const child: unknown = Reflect.get(field, "child");
  return child instanceof Field ? { ...described, child: schemaOfField("", child) } : described;
}

function constraintsOf(field: Field): Record<string, unknown> {
  const constraints: Record<string, unknown> = {};
  for (const name of CONSTRAINTS) {
    const value: unknown = Reflect.get(field, name);
    if (value !== undefined && value !== null) constraints[name] = value instanceof RegExp ? value.source : value;
  }
  const choices: unknown = Reflect.get(field, "choices");
  if (choices instanceof Map) constraints["choices"] = [...choices.values()];
  return constraints;
}
