/** A place in an ordered list: a row's values of the ordering's columns, and on which side of that row the page lies. */
export interface CursorPosition {
  readonly values: readonly unknown[];
  /** Does the page end here, instead of beginning here? */
  readonly backwards: boolean;
  /** Does the page hold the row itself, if it still exists? */
  readonly inclusive: boolean;
}

/** The position as text. Every value comes back as it was: bigint, Date and bytes too. */
export function encodePosition({ values, backwards, inclusive }: CursorPosition): string {
  return JSON.stringify([backwards ? 1 : 0, inclusive ? 1 : 0, ...values.map(encodeValue)]);
}

/** Reads what `encodePosition` wrote; only a text of its making may be given. */
export function decodePosition(text: string): CursorPosition {
  const [backwards, inclusive, ...values]: unknown[] = JSON.parse(text);
  return { backwards: backwards === 1, inclusive: inclusive === 1, values: values.map(decodeValue) };
}

function encodeValue(value: unknown): unknown {
  if (typeof value === "bigint") return ["bigint", value.toString()];
  if (typeof value === "number" && !Number.isFinite(value)) return ["number", String(value)];
  if (value instanceof Date) return ["date", value.getTime()];
  if (value instanceof Uint8Array) return ["bytes", Buffer.from(value).toString("base64")];
  return value;
}

function decodeValue(encoded: unknown): unknown {
  if (!Array.isArray(encoded)) return encoded;
  const [kind, content]: unknown[] = encoded;
  if (kind === "bigint") return BigInt(String(content));
  if (kind === "number") return Number(content);
  if (kind === "date") return new Date(Number(content));
  return new Uint8Array(Buffer.from(String(content), "base64"));
}
