import { encodeJson } from "../../../protocol/json.ts";
import type { LookupOperator } from "../../dialect.ts";
import { foldCase } from "../../fold-case.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { ValueLookup } from "../../where.ts";

/** The SQL function that both connections have: `foldCase`. */
export const FOLD_FUNCTION = "restwave_fold_case";

type ToDriver = (value: unknown) => unknown;

/** The SQL of every lookup on SQLite. LIKE is not used: it takes wildcards from the value and ignores the case of ASCII letters. */
export function sqliteOperator(column: ModelColumn, lookup: ValueLookup): LookupOperator {
  const { toDriver } = comparable(column);
  switch (lookup) {
    case "exact":
      return binary("=", toDriver);
    case "gt":
      return binary(">", toDriver);
    case "gte":
      return binary(">=", toDriver);
    case "lt":
      return binary("<", toDriver);
    case "lte":
      return binary("<=", toDriver);
    case "range":
      return between(toDriver);
    case "in":
      return membership(column, toDriver);
    default:
      return textOperator(lookup);
  }
}

/** A number to compare a decimal with need not fit its column: 12.345 is more than 12.34, and equals nothing there. */
function comparable(column: ModelColumn): { toDriver: ToDriver } {
  return column.kind === "decimal" ? { toDriver: Number } : column.traits;
}

function binary(sign: string, toDriver: ToDriver): LookupOperator {
  return {
    write: (expression, placeholder) => `${expression} ${sign} ${placeholder()}`,
    bind: (value, params) => params.push(toDriver(value)),
  };
}

function between(toDriver: ToDriver): LookupOperator {
  return {
    write: (expression, placeholder) => `${expression} BETWEEN ${placeholder()} AND ${placeholder()}`,
    bind: (value, params) => params.push(...listOf(value).map(toDriver)),
  };
}

/** One JSON parameter holds the whole list: one statement for all lengths, and no limit of parameters. */
function membership(column: ModelColumn, toDriver: ToDriver): LookupOperator {
  if (column.kind === "binary" || column.traits.unordered === true) return bytesMembership(toDriver);
  if (column.kind === "float") return floatMembership();
  return {
    write: (expression, placeholder) => `${expression} IN (SELECT value FROM json_each(${placeholder()}))`,
    bind: (value, params) => params.push(encodeJson(listOf(value).map(toDriver))),
  };
}

/** JSON writes -41411695833390968.0 as -41411695833390970, which SQLite would read as an integer and compare digit by digit. */
function floatMembership(): LookupOperator {
  return {
    write: (expression, placeholder) => `${expression} IN (SELECT CAST(value AS REAL) FROM json_each(${placeholder()}))`,
    bind: (value, params) => params.push(encodeJson(listOf(value).map(Number))),
  };
}

/** JSON has no bytes, so hexadecimal digits are compared; those of NULL would be the empty text. */
function bytesMembership(toDriver: ToDriver): LookupOperator {
  return {
    write: (expression, placeholder) =>
      `(${expression} IS NOT NULL AND hex(${expression}) IN (SELECT value FROM json_each(${placeholder()})))`,
    bind: (value, params) => params.push(encodeJson(listOf(value).map((bytes) => hex(toDriver(bytes))))),
  };
}

function hex(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex").toUpperCase() : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textOperator(lookup: ValueLookup): LookupOperator {
  const ignoresCase = lookup.startsWith("i");
  const form = ignoresCase ? (text: string) => foldCase(text) : (text: string) => text;
  const subject = (expression: string) => (ignoresCase ? `${FOLD_FUNCTION}(${expression})` : expression);
  switch (ignoresCase ? lookup.slice(1) : lookup) {
    case "exact":
      return text((expression, placeholder) => `${subject(expression)} = ${placeholder()}`, form);
    case "startswith":
      return text((expression, placeholder) => `instr(${subject(expression)}, ${placeholder()}) = 1`, form);
    case "endswith":
      return endsWith(subject, form);
    default:
      return text((expression, placeholder) => `instr(${subject(expression)}, ${placeholder()}) > 0`, form);
  }
}

function text(write: LookupOperator["write"], form: (text: string) => string): LookupOperator {
  return { write, bind: (value, params) => params.push(form(String(value))) };
}

/** `substr` from the end takes 0 for "from the start", so the empty end is asked for as a whole text of any length. */
function endsWith(subject: (expression: string) => string, form: (text: string) => string): LookupOperator {
  return {
    write: (expression, placeholder) => `substr(${subject(expression)}, ${placeholder()}, ${placeholder()}) = ${placeholder()}`,
    bind: (value, params) => {
      const end = form(String(value));
      const length = Array.from(end).length;
      params.push(length === 0 ? 1 : -length, length, end);
    },
  };
}
