/** What an API exception carries: a message, a list, or an object of field name to messages, nested at will. */
export type ErrorDetail = string | readonly unknown[] | { readonly [field: string]: unknown };

/** The `errors` list of an answer: a string becomes its only element, a list stays, an object becomes its only element (DCRF). */
export function errorsOf(detail: ErrorDetail): unknown[] {
  if (typeof detail === "string") return [detail];
  if (Array.isArray(detail)) return detail.map(leavesToStrings);
  return [leavesToStrings(detail)];
}

function leavesToStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(leavesToStrings);
  if (typeof value !== "object" || value === null) return toText(value);
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, leavesToStrings(inner)]));
}

/** DRF prints a non-string leaf as Python does, and clients have come to see `None`, `True` and `False`. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  return String(value);
}
