import type { JsonSchema } from "../protocol/json-schema.ts";

/** Values that JSON has as text. */
export const textForms = {
  /** An exact number: JSON numbers would lose digits. */
  decimal: { type: "string", pattern: "^-?[0-9]+(\\.[0-9]+)?$" },
  dateTime: { type: "string", format: "date-time" },
  /** A time of day without an offset, which the format `time` of JSON Schema demands. */
  timeOfDay: { type: "string", pattern: "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?$" },
  /** Django's text of a duration; the format `duration` of JSON Schema is ISO 8601. */
  duration: { type: "string", pattern: "^(-?[0-9]+ )?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{6})?$" },
} as const satisfies Readonly<Record<string, JsonSchema>>;
