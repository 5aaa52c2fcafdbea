import { pkKey } from "../models/pk-key.ts";
import type { RowEvent } from "./row-event.ts";

/** The net events, row by row, of two that follow each other. */
export function mergeEvents(first: readonly RowEvent[], second: readonly RowEvent[]): readonly RowEvent[] {
  const merged = new Map<unknown, RowEvent>(first.map((event) => [pkKey(event.pk), event]));
  for (const event of second) {
    const key = pkKey(event.pk);
    const net = mergeTwo(merged.get(key), event);
    merged.delete(key);
    if (net !== null) merged.set(key, net);
  }
  return [...merged.values()];
}

function mergeTwo(first: RowEvent | undefined, second: RowEvent): RowEvent | null {
  if (first === undefined) return second;
  if (first.kind === "create") return second.kind === "delete" ? null : { ...second, kind: "create", before: first.before };
  if (second.kind === "delete") return { ...second, before: first.before };
  return { ...second, kind: "update", before: first.before };
}
