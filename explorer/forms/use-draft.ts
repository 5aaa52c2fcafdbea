import { useState } from "react";
import { sameJson } from "./same-json.ts";

/** The text of a control as it was typed, as long as it still means the value: `1.0` stays `1.0` although it is 1. */
export function useDraft(
  value: unknown,
  print: (value: unknown) => string,
  parse: (text: string) => unknown,
): readonly [text: string, setDraft: (text: string) => void] {
  const [draft, setDraft] = useState<string | null>(null);
  const isCurrent = draft !== null && sameJson(parse(draft), value);
  return [isCurrent ? draft : print(value), setDraft];
}
