import type { LookupOperator } from "../../dialect.ts";
import { foldCase } from "../../fold-case.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { ValueLookup } from "../../where.ts";
import type { PostgresFoldCase } from "./postgres-fold-case.ts";
import { arrayText } from "./postgres-text.ts";
import type { PostgresTraits } from "./postgres-traits.ts";
import { typedPlaceholder } from "./typed-placeholder.ts";
import { millisOperator } from "./postgres-millis-operator.ts";

type Sign = "=" | ">" | ">=" | "<" | "<=";

const SIGNS: ReadonlyMap<ValueLookup, Sign> = new Map([
  ["exact", "="],
  ["gt", ">"],
  ["gte", ">="],
  ["lt", "<"],
  ["lte", "<="],
]);

/** The SQL of every lookup on PostgreSQL. LIKE is not used: it takes wildcards from the value. */
export function postgresOperator(
  column: ModelColumn,
  lookup: ValueLookup,
  traits: PostgresTraits,
  folding: PostgresFoldCase,
): LookupOperator {
  if (traits.cutToMillis === true) return millisOperator(lookup, traits);
  const sign = SIGNS.get(lookup);
  if (sign !== undefined) return binary(column, sign, traits);
  if (lookup === "range") return between(column, traits);
  if (lookup === "in") return membership(traits);
  return textOperator(lookup, traits, folding);
}

function subjectOf(traits: PostgresTraits, expression: string): string {
  return traits.subject?.(expression) ?? expression;
}

/** The order of code points, which is that of the predicate; `char(n)` is compared without its padding. */
function orderedSubject(traits: PostgresTraits, expression: string): string {
  if (traits.collated !== true) return subjectOf(traits, expression);
  return `${traits.asText?.(expression) ?? expression} COLLATE "C"`;
}

function orderedValue(traits: PostgresTraits, placeholder: string): string {
  return traits.collated === true ? `${placeholder}::text` : typedPlaceholder(traits, placeholder);
}

function binary(column: ModelColumn, sign: Sign, traits: PostgresTraits): LookupOperator {
  const bindValue = valueBinder(column, sign, traits);
  const bind = (value: unknown, params: unknown[]): void => void params.push(bindValue(value));
  if (sign === "=")
    return {
      write: (expression, placeholder) => `${subjectOf(traits, expression)} = ${typedPlaceholder(traits, placeholder())}`,
      bind,
    };
  return {
    write: (expression, placeholder) => `${orderedSubject(traits, expression)} ${sign} ${orderedValue(traits, placeholder())}`,
    bind,
  };
}

function between(column: ModelColumn, traits: PostgresTraits): LookupOperator {
  const bindLow = valueBinder(column, ">=", traits);
  const bindHigh = valueBinder(column, "<=", traits);
  return {
    write: (expression, placeholder) =>
      `${orderedSubject(traits, expression)} BETWEEN ${orderedValue(traits, placeholder())} AND ${orderedValue(traits, placeholder())}`,
    bind: (value, params) => {
      const [low, high] = listOf(value);
      params.push(bindLow(low), bindHigh(high));
    },
  };
}

/** What an integer column is compared with is an integer, so that its index serves: less than 20.5 is less than 21, and nothing equals 20.5. */
function valueBinder(column: ModelColumn, sign: Sign, traits: PostgresTraits): (value: unknown) => unknown {
  if (column.kind !== "integer" || traits.opaque === true) return traits.toDriver;
  return (value) => {
    if (typeof value !== "number" || Number.isInteger(value)) return traits.toDriver(value);
    if (sign === "=") return null;
    return String(BigInt(sign === ">" || sign === "<=" ? Math.floor(value) : Math.ceil(value)));
  };
}

/** One array parameter holds the whole list: one statement for all lengths, and no limit of parameters. */
function membership(traits: PostgresTraits): LookupOperator {
  return {
    write: (expression, placeholder) =>
      `${subjectOf(traits, expression)} = ANY(${typedPlaceholder(traits, placeholder(), "[]")})`,
    bind: (value, params) => params.push(arrayText(listOf(value).map((item) => elementText(traits.toDriver(item))))),
  };
}

function elementText(value: unknown): string {
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textOperator(lookup: ValueLookup, traits: PostgresTraits, { fold, agrees }: PostgresFoldCase): LookupOperator {
  const ignoresCase = lookup.startsWith("i");
  const subject = (expression: string): string => {
    const text = traits.asText?.(expression) ?? expression;
    return ignoresCase ? fold(text) : `${text} COLLATE "C"`;
  };
  const needle = (placeholder: string): string =>
    ignoresCase && !agrees ? fold(`${placeholder}::text`) : `${placeholder}::text`;
  const test = TESTS[ignoresCase ? lookup.slice(1) : lookup] ?? contains;
  return {
    write: (expression, placeholder) => test(subject(expression), needle(placeholder())),
    bind: (value, params) => params.push(ignoresCase && agrees ? foldCase(String(value)) : String(value)),
  };
}

const contains = (text: string, needle: string): string => `strpos(${text}, ${needle}) > 0`;

const TESTS: Readonly<Record<string, (text: string, needle: string) => string>> = {
  exact: (text, needle) => `${text} = ${needle}`,
  startswith: (text, needle) => `starts_with(${text}, ${needle})`,
  endswith: (text, needle) => `right(${text}, length(${needle})) = ${needle}`,
};
