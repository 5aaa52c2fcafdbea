import type { PostgresTraits } from "./postgres-traits.ts";

/** A value with its type, so that one that does not fit the column can be compared with it all the same. */
export function typedPlaceholder(traits: PostgresTraits, placeholder: string, suffix = ""): string {
  return traits.type === undefined ? placeholder : `${placeholder}::${traits.type}${suffix}`;
}
