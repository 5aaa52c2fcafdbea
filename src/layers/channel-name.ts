import { ImproperlyConfigured } from "../protocol/exceptions.ts";

/** Longest name of a channel or a group, in UTF-16 code units. */
const MAX_LENGTH = 255;

/** @throws ImproperlyConfigured unless it can name a channel or a group: a text of 1 to 255 characters. */
export function assertChannelName(name: unknown): asserts name is string {
  if (typeof name === "string" && name.length > 0 && name.length <= MAX_LENGTH) return;
  const found = typeof name === "string" ? `one of ${name.length}` : `a value of type ${typeof name}`;
  throw new ImproperlyConfigured(
    `Expected the name of a channel or group to be a text of 1 to ${MAX_LENGTH} characters, got ${found}.`,
  );
}
