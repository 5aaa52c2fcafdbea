import { ParseError } from "./exceptions.ts";

/** What identifies a request on one socket; echoed as it was sent. Integers beyond 2^53 are bigint and come back digit by digit. */
export type RequestId = string | number | bigint | boolean | null;

/** Longest `request_id`, in bytes of UTF-8. Echoing what has no bound is how servers fall over. */
export const MAX_REQUEST_ID_BYTES = 128;

/** @throws ParseError when the value is an object, a list, not finite, or longer than 128 bytes. */
export function parseRequestId(value: unknown): RequestId {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return isShort(value) ? value : refuse("a longer string");
  if (typeof value === "number") return Number.isFinite(value) ? value : refuse("a number out of range");
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString().length <= MAX_REQUEST_ID_BYTES ? value : refuse("a longer number");
  return refuse(Array.isArray(value) ? "a list" : "an object");
}

/** The same rule without the error: what cannot be echoed becomes null. */
export function echoableRequestId(value: unknown): RequestId {
  try {
    return parseRequestId(value);
  } catch {
    return null;
  }
}

function isShort(text: string): boolean {
  if (text.length * 3 <= MAX_REQUEST_ID_BYTES) return true;
  return text.length <= MAX_REQUEST_ID_BYTES && new TextEncoder().encode(text).length <= MAX_REQUEST_ID_BYTES;
}

function refuse(found: string): never {
  throw new ParseError(
    `request_id must be null, a boolean, a number or a string of at most ${MAX_REQUEST_ID_BYTES} bytes, but got ${found}.`,
  );
}
