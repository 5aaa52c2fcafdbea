import { CloseCode } from "../protocol/close-codes.ts";
import { OTHER } from "./metric.ts";

/** Codes of RFC 6455 that a socket ends with, and our own. */
const CODES: ReadonlySet<number> = new Set([1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011, ...Object.values(CloseCode)]);

/** A client may close with a thousand codes of its own. */
export function closeCodeLabel(code: number): string {
  return CODES.has(code) ? String(code) : OTHER;
}

/** An application may answer with whatever number. */
export function statusLabel(status: number): string {
  return Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : OTHER;
}
