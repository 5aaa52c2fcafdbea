/** A value with every `$ref` in it that begins with `from` beginning with `to` instead. */
export function rebaseReferences<T>(value: T, from: string, to: string): T;
export function rebaseReferences(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => rebaseReferences(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    const isReference = key === "$ref" && typeof inner === "string" && inner.startsWith(from);
    return [key, isReference ? to + inner.slice(from.length) : rebaseReferences(inner, from, to)];
  });
  return Object.fromEntries(entries);
}
