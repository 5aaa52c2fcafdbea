import type { ActionContract } from "../../src/contracts/contract.ts";
import { encodeText } from "./encode-text.ts";
import type { SnippetRequest } from "./snippet-request.ts";

type Json = Readonly<Record<string, unknown>>;

/** Said by the path or by the body, and so ignored in a query. */
const RESERVED = new Set(["action", "request_id", "data", "filters", "idempotency_key"]);

/** The arguments of a list as a query, `?email__icontains=x&ordering=-id`; null where a query would say something else. */
export function queryOf({ input }: ActionContract, { filters, ...others }: SnippetRequest["args"]): string | null {
  const schemas = recordAt(recordAt(recordAt(input, "properties"), "filters"), "properties");
  const named = isRecord(filters) ? Object.entries(filters) : [];
  const parts = [
    ...named.map(([name, value]) => filterPart(name, value, recordAt(schemas, name))),
    ...Object.entries(others).map(([name, value]) => (RESERVED.has(name) ? null : otherPart(name, value))),
  ];
  if (filters !== undefined && !isRecord(filters)) return null;
  if (parts.includes(null)) return null;
  return parts.length === 0 ? "" : `?${parts.filter((part) => part !== "").join("&")}`.replace(/^\?$/, "");
}

/** An empty filter, and a null among texts, mean something else in a query; commas part values. */
function filterPart(name: string, value: unknown, schema: Json): string | null {
  if (Array.isArray(value)) {
    const texts = value.map(textOf);
    if (texts.length === 0 || texts.some((text) => text === null || text === "" || text.includes(","))) return null;
    return `${encodeText(name)}=${texts.map((text) => encodeText(text ?? "")).join(",")}`;
  }
  if (value === null && isText(schema)) return null;
  const text = value === null ? "null" : textOf(value);
  if (text === null || text === "" || (text === "null" && value !== null && !isText(schema))) return null;
  return `${encodeText(name)}=${encodeText(text)}`;
}

/** Text without a form of its own, as a column of texts has it. */
function isText({ type, format, pattern }: Json): boolean {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.includes("string") && format === undefined && pattern === undefined;
}

function otherPart(name: string, value: unknown): string | null {
  // Null counts as not given there.
  if (value === null) return "";
  const text = Array.isArray(value) ? joined(value.map(textOf)) : textOf(value);
  return text === null ? null : `${encodeText(name)}=${encodeText(text)}`;
}

function joined(texts: readonly (string | null)[]): string | null {
  return texts.includes(null) ? null : texts.join(",");
}

function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function recordAt(record: Json, key: string): Json {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
