import { Unfinished } from "./unfinished.ts";

/** What stands in the editor; nothing for what is left out. */
export function jsonToText(value: unknown): string {
  if (value === undefined) return "";
  return value instanceof Unfinished ? value.text : JSON.stringify(value, null, 2);
}

/** What was typed: nothing for nothing, and {@link Unfinished} for what is no JSON or would not arrive as it was typed. */
export function textToJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  const inexact = inexactInteger(text);
  try {
    const value: unknown = JSON.parse(text);
    if (inexact === null) return value;
    return new Unfinished(text, `${inexact} has more digits than this page can send exactly. Write it as text: "${inexact}".`);
  } catch (error) {
    return new Unfinished(text, `Not JSON yet: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Strings are matched too, so that digits in them are passed over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

function inexactInteger(text: string): string | null {
  const integers = [...text.matchAll(TOKENS)].map(([token]) => token).filter((token) => /^-?\d+$/.test(token));
  return integers.find((token) => !Number.isSafeInteger(Number(token)) && String(Number(token)) !== token) ?? null;
}
