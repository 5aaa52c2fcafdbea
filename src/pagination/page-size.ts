import type { MessageArguments } from "../protocol/arguments.ts";
import { integerArgument } from "./integer-argument.ts";

/**
 * Rows per page by the frame's `page_size`: the default when it is absent, zero, negative or no number, the maximum when it is above (DRF).
 *
 * @throws ValidationError when it is null, a list or an object.
 */
export function pageSizeOf(args: MessageArguments, defaultSize: number, maximum: number | null): number {
  const size = integerArgument(args, "page_size");
  if (size === null || size <= 0) return defaultSize;
  return Math.min(size, maximum ?? Number.MAX_SAFE_INTEGER);
}
