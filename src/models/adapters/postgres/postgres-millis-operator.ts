import type { LookupOperator, Placeholder } from "../../dialect.ts";
import type { ValueLookup } from "../../where.ts";
import type { PostgresTraits } from "./postgres-traits.ts";
import { typedPlaceholder } from "./typed-placeholder.ts";

const MILLISECOND = "interval '1 millisecond'";

/**
 * Lookups on moments that the database keeps with microseconds while rows hold a `Date`, which ends at milliseconds: a row matches by what it
 * shows. Written so that an index on the column itself serves.
 */
export function millisOperator(lookup: ValueLookup, traits: PostgresTraits): LookupOperator {
  const value = (placeholder: Placeholder): string => typedPlaceholder(traits, placeholder());
  const one = (value: unknown, params: unknown[]): void => void params.push(traits.toDriver(value));
  const both = (value: unknown, params: unknown[]): void => void params.push(...listOf(value).map(traits.toDriver));
  switch (lookup) {
    case "exact":
      return {
        write: (expression, placeholder) => {
          const moment = value(placeholder);
          return `(${expression} >= ${moment} AND ${expression} < ${moment} + ${MILLISECOND})`;
        },
        bind: one,
      };
    case "gt":
      return { write: (expression, placeholder) => `${expression} >= ${value(placeholder)} + ${MILLISECOND}`, bind: one };
    case "gte":
      return { write: (expression, placeholder) => `${expression} >= ${value(placeholder)}`, bind: one };
    case "lt":
      return { write: (expression, placeholder) => `${expression} < ${value(placeholder)}`, bind: one };
    case "lte":
      return { write: (expression, placeholder) => `${expression} < ${value(placeholder)} + ${MILLISECOND}`, bind: one };
    case "range":
      return {
        write: (expression, placeholder) =>
          `(${expression} >= ${value(placeholder)} AND ${expression} < ${value(placeholder)} + ${MILLISECOND})`,
        bind: both,
      };
    default:
      return {
        write: (expression, placeholder) => `${cutToMillis(expression)} = ANY(${typedPlaceholder(traits, placeholder(), "[]")})`,
        bind: (value, params) =>
          params.push(
            `{${listOf(value)
              .map((moment) => `"${String(traits.toDriver(moment))}"`)
              .join(",")}}`,
          ),
      };
  }
}

/** What a row shows of a moment. */
export function cutToMillis(expression: string): string {
  return `date_trunc('milliseconds', ${expression})`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
