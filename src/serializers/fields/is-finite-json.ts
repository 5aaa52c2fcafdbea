/** Is every number in a JSON value finite? `1e999` is read as Infinity, which JSON cannot hold again. */
export function isFiniteJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isFiniteJson);
}
