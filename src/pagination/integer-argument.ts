import { pythonInt } from "../models/python-int.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ValidationError } from "../protocol/exceptions.ts";

/**
 * An integer among the frame's arguments, read as Python's `int()` does, since DCRF clients know its rules: `"3"`, `" +3 "` and `"1_0"` are
 * integers, `2.9` is 2, `true` is 1. Null when the key is absent, and for what Python calls a ValueError: `"abc"`, `"2.5"`, `""`.
 *
 * @throws ValidationError `{[name]: ["A valid integer is required."]}` for what is no number at all: null, a list, an object, infinity.
 */
export function integerArgument(args: MessageArguments, name: string): number | null {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined) return null;
  if (typeof value === "object" || (typeof value === "number" && !Number.isFinite(value))) refuseInteger(name);
  const integer = pythonInt(value);
  return integer === undefined ? null : toSafeInteger(integer);
}

/** @throws ValidationError always. */
export function refuseInteger(name: string): never {
  throw new ValidationError({ [name]: ["A valid integer is required."] });
}

/** The nearest integer that a number holds exactly: no list is longer, and no database is asked for more. */
function toSafeInteger(integer: number | bigint): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(integer)));
}
