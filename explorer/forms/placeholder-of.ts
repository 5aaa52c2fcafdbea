import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { choiceLabel } from "./choice-label.ts";

/** What an empty control says: that it is null, empty or not sent, and what counts then. */
export function placeholderOf({ default: byDefault }: JsonSchema, value: unknown, isRequired: boolean): string {
  if (value === null) return "null";
  if (value === "") return isRequired ? "" : "empty text";
  if (byDefault !== undefined) return `Default: ${choiceLabel(byDefault)}`;
  return isRequired ? "" : "not sent";
}
