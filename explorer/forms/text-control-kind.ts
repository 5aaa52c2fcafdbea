import type { JsonSchema } from "../../src/protocol/json-schema.ts";

/** The control that a text is typed into. */
export type TextControlKind = "line" | "lines" | "password" | "email" | "url" | "decimal";

const LONGEST_LINE = 255;
const SECRET = /pass(?:word|phrase|code)|^secret|_secret|Secret/i;

/** Which control a text of this name and schema is typed into. */
export function textControlKind(name: string, schema: JsonSchema): TextControlKind {
  const { format, type, pattern, maxLength, contentEncoding, writeOnly } = schema;
  if (isSecret(name, writeOnly === true)) return "password";
  if (format === "email") return "email";
  if (format === "uri" || format === "url") return "url";
  if (Array.isArray(type)) return type.includes("number") && typeof pattern === "string" ? "decimal" : "line";
  if (contentEncoding === "base64") return "lines";
  if (typeof maxLength === "number") return maxLength > LONGEST_LINE ? "lines" : "line";
  return typeof format === "string" || typeof pattern === "string" ? "line" : "lines";
}

function isSecret(name: string, isWriteOnly: boolean): boolean {
  return /^pass(?:word|phrase)/i.test(name) || (isWriteOnly && (SECRET.test(name) || /token|key$|pin$/i.test(name)));
}
