/** Names that a declaration uses itself. */
const TAKEN: ReadonlySet<string> = new Set([
  "Api",
  "AsyncGenerator",
  "DeclaredRoute",
  "DeclaredStreams",
  "Promise",
  "Readonly",
  "Record",
  "Routes",
]);

/** A name of the wire or of a schema as a TypeScript type has it: `blog-entries` gives `BlogEntries`. */
export function typeName(name: string): string {
  const joined = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return /^[A-Za-z]/.test(joined) && !TAKEN.has(joined) ? joined : `T${joined}`;
}
