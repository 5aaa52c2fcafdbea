import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { MethodFilter } from "../../filters/method-filter.ts";
import type { ColumnKind } from "../../models/column-kind.ts";
import { FieldError } from "../../models/errors.ts";
import type { AnyModel } from "../../models/model.ts";
import { parseJson } from "../../protocol/json.ts";

/**
 * What the texts of a query parameter stand for in a lookup, as django-filter reads them; what they cannot stand for stays a text, which the filter
 * then refuses. Of several texts the last counts, but for `in` and `range`, which take them all, and commas between values.
 *
 * @param texts at least one.
 */
export function lookupValue(model: AnyModel, lookup: string, texts: readonly string[]): unknown {
  const resolved = resolve(model, lookup);
  const last = texts.at(-1) ?? "";
  if (resolved === null) return last;
  if (resolved.lookup === "isnull") return toBoolean(last);
  const { kind } = resolved.column;
  if (resolved.lookup === "in" || resolved.lookup === "range")
    return texts.flatMap((text) => text.split(",")).map((text) => toValue(kind, text));
  const isEquality = resolved.lookup === "exact" || resolved.lookup === "iexact";
  if (isEquality && last === "null" && kind !== "string") return null;
  return TEXT_KINDS.has(kind) ? last : toValue(kind, last);
}

/** What the texts of a query parameter stand for in a filter of the application's own: what its schema takes first. */
export async function methodValue({ schema }: MethodFilter, texts: readonly string[]): Promise<unknown> {
  const last = texts.at(-1) ?? "";
  if (schema === undefined) return last;
  const parts = texts.flatMap((text) => text.split(","));
  for (const candidate of [last, toJson(last), parts, parts.map(toJson)]) if (await fits(schema, candidate)) return candidate;
  return last;
}

async function fits(schema: StandardSchemaV1, value: unknown): Promise<boolean> {
  return (await schema["~standard"].validate(value)).issues === undefined;
}

/** A text lookup of a UUID takes any text. */
const TEXT_KINDS: ReadonlySet<ColumnKind> = new Set(["string", "uuid", "datetime", "date", "time", "decimal"]);

/** Null for a filter set that names what the model does not have: the filter says so. */
function resolve(model: AnyModel, lookup: string): ReturnType<AnyModel["resolver"]["lookup"]> | null {
  try {
    return model.resolver.lookup(lookup);
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

function toValue(kind: ColumnKind, text: string): unknown {
  if (kind === "boolean") return toBoolean(text);
  return kind === "integer" || kind === "bigint" || kind === "float" ? toNumber(text) : text;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function toBoolean(text: string): unknown {
  return BOOLEANS.get(text.trim().toLowerCase()) ?? text;
}

/** Longer ones are no number of any column. */
const MAX_DIGITS = 4300;

function toNumber(text: string): unknown {
  const bare = text.trim();
  if (bare.length > MAX_DIGITS || !/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(bare)) return text;
  const number = Number(bare);
  return /^[-+]?\d+$/.test(bare) && !Number.isSafeInteger(number) ? BigInt(bare.replace(/^\+/, "")) : number;
}

function toJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
