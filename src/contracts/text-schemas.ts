import type { JsonSchema } from "../protocol/json-schema.ts";
import type { CharField } from "../serializers/fields/char-field.ts";
import { EmailField } from "../serializers/fields/email-field.ts";
import { RegexField } from "../serializers/fields/regex-field.ts";
import { SlugField } from "../serializers/fields/slug-field.ts";
import { URLField } from "../serializers/fields/url-field.ts";
import type { Direction } from "./field-place.ts";

/** Rows may hold what the field would not take any more, so answers promise a text and nothing else. */
export function textSchema(field: CharField, direction: Direction): JsonSchema {
  if (direction === "out") return { type: "string" };
  const { allowBlank, minLength, maxLength } = field;
  const form = formOf(field);
  const least = minLength ?? (allowBlank ? null : 1);
  const text = {
    type: "string",
    ...(least === null ? {} : { minLength: least }),
    ...(maxLength === null ? {} : { maxLength }),
    ...form,
  };
  const refusesBlank = "minLength" in text || Object.keys(form).length > 0;
  return allowBlank && refusesBlank ? { anyOf: [{ const: "" }, text] } : text;
}

function formOf(field: CharField): JsonSchema {
  if (field instanceof EmailField) return { format: "email" };
  if (field instanceof URLField) return { format: "uri" };
  if (field instanceof SlugField) return { pattern: "^[-a-zA-Z0-9_]+$" };
  if (!(field instanceof RegexField)) return {};
  // JSON Schema knows patterns without flags.
  return /^u?$/.test(field.pattern.flags) ? { pattern: field.pattern.source } : {};
}
