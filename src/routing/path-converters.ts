import { decodeCaptured } from "./decode-path.ts";

/** What a path captured, by name. */
export type PathParams = Readonly<Record<string, string | number>>;

/** Turns a captured part of a path into a value; null when the part is no such value, and the route then does not match. */
export interface PathConverter {
  readonly regex: string;
  convert(captured: string): string | number | null;
}

const text = (regex: string): PathConverter => ({ regex, convert: decodeCaptured });

/** Django's path converters, `django/urls/converters.py`. An integer beyond 2^53 does not match, since a number cannot hold it. */
export const pathConverters: ReadonlyMap<string, PathConverter> = new Map([
  ["str", text("[^/]+")],
  ["int", { regex: "[0-9]+", convert: toSafeInteger }],
  ["slug", text("[-a-zA-Z0-9_]+")],
  ["uuid", text("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")],
  ["path", text(".+")],
]);

function toSafeInteger(captured: string): number | null {
  const value = Number(captured);
  return Number.isSafeInteger(value) ? value : null;
}
