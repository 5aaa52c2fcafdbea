import type { MaybePromise } from "../models/database.ts";
import { encodeJson } from "../protocol/json.ts";

const FRAME_BYTES = 160;
const UNKNOWN_BYTES = 512;
const sizes = new WeakMap<object, number>();
const sums = new WeakMap<readonly object[], number>();

/** How much of a queue events take, about: rows are shared, but each subscriber's frames are not. */
export function eventBytes(events: MaybePromise<readonly object[] | "lost">): number {
  if (events === "lost") return FRAME_BYTES;
  if (events instanceof Promise) return UNKNOWN_BYTES;
  // Everybody who sees the same rows has the same events.
  const known = sums.get(events);
  if (known !== undefined) return known;
  let sum = 0;
  for (const event of events) sum += FRAME_BYTES + ("row" in event ? rowBytes(event.row) : 0);
  sums.set(events, sum);
  return sum;
}

function rowBytes(row: unknown): number {
  if (typeof row !== "object" || row === null) return 0;
  const known = sizes.get(row);
  if (known !== undefined) return known;
  const size = sizeOf(row);
  sizes.set(row, size);
  return size;
}

function sizeOf(row: object): number {
  let size = 0;
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "string") size += name.length + value.length + 6;
    else size += name.length + (typeof value === "object" ? encodeJson(value).length : 20);
  }
  return size;
}
