/** Arguments as they leave: without what JSON does not hold. Big integers are digits in text, which the server reads as numbers. */
export function plainJson(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(args, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  return JSON.parse(text);
}
