import { BaseSerializer } from "./base-serializer.ts";
import { BigIntegerField } from "./fields/big-integer-field.ts";
import { BooleanField } from "./fields/boolean-field.ts";
import { CharField } from "./fields/char-field.ts";
import { ChoiceField } from "./fields/choice-field.ts";
import { DateField } from "./fields/date-field.ts";
import { DateTimeField } from "./fields/date-time-field.ts";
import { DecimalField } from "./fields/decimal-field.ts";
import { DurationField } from "./fields/duration-field.ts";
import { EmailField } from "./fields/email-field.ts";
import { Field } from "./fields/field.ts";
import { FloatField } from "./fields/float-field.ts";
import { IntegerField } from "./fields/integer-field.ts";
import { JSONField } from "./fields/json-field.ts";
import { ManyRelatedField } from "./fields/many-related-field.ts";
import { MultipleChoiceField } from "./fields/multiple-choice-field.ts";
import { NestedField } from "./fields/nested-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import { ReadOnlyField } from "./fields/read-only-field.ts";
import { RegexField } from "./fields/regex-field.ts";
import { SlugField } from "./fields/slug-field.ts";
import { SlugRelatedField } from "./fields/slug-related-field.ts";
import { TimeField } from "./fields/time-field.ts";
import { URLField } from "./fields/url-field.ts";
import { UUIDField } from "./fields/uuid-field.ts";
import { SerializerDeclaration } from "./serializer-declaration.ts";

/** Fields that show a value and look at nothing else. Subclasses of the application may look at the request. */
const PLAIN_FIELDS: ReadonlySet<unknown> = new Set([
  BigIntegerField,
  BooleanField,
  CharField,
  ChoiceField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  EmailField,
  Field,
  FloatField,
  IntegerField,
  JSONField,
  ManyRelatedField,
  MultipleChoiceField,
  PrimaryKeyRelatedField,
  ReadOnlyField,
  RegexField,
  SlugField,
  SlugRelatedField,
  TimeField,
  URLField,
  UUIDField,
]);

/** As much of a serializer class as is looked at here. */
interface Representing {
  readonly declaration: SerializerDeclaration;
  readonly prototype: object;
}

/**
 * Does a row look the same to everybody who gets it through this serializer? Then it is made once for all of them. Not so where the class has a
 * method field or a field of the application's own, or overrides `toRepresentation` or `getFields`: those may look at who asks.
 */
export function sharesRepresentation(kind: Representing): boolean {
  const known = answers.get(kind);
  if (known !== undefined) return known;
  const answer =
    !overrides(kind.prototype, "toRepresentation") &&
    !overrides(kind.prototype, "getFields") &&
    kind.declaration.compiled.readable.every(({ field }) => isPlain(field));
  answers.set(kind, answer);
  return answer;
}

const answers = new WeakMap<Representing, boolean>();

/** Does it show nothing but these columns, and relations, of its model? A method may look at any column. */
export function readsOnly(kind: Representing, columns: ReadonlySet<string>): boolean {
  if (!sharesRepresentation(kind)) return false;
  const { compiled, model } = kind.declaration;
  return compiled.readable.every(({ source: [name = ""] }) => columns.has(name) || model?.columns.has(name) === false);
}

function overrides(prototype: object, method: "toRepresentation" | "getFields"): boolean {
  return Reflect.get(prototype, method) !== BaseSerializer.prototype[method];
}

function isPlain(field: Field): boolean {
  if (field instanceof ManyRelatedField) return PLAIN_FIELDS.has(field.constructor) && isPlain(field.child);
  if (!(field instanceof NestedField)) return PLAIN_FIELDS.has(field.constructor);
  const kind: object = field.serializerClass;
  return isRepresenting(kind) && sharesRepresentation(kind);
}

function isRepresenting(kind: object): kind is Representing {
  return "declaration" in kind && kind.declaration instanceof SerializerDeclaration && "prototype" in kind;
}
