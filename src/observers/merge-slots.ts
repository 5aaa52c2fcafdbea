import { type EventReceiver, type EventSlot, isWanted, type Moment, type Part } from "./event-slot.ts";

/** What several moments mean for one receiver. */
interface Sum {
  readonly moment: Moment;
  readonly events: readonly object[];
}

/** One slot, of the last moment, in place of many. What cannot be merged keeps its place, behind what its receiver is told before it. */
export function mergeSlots(slots: readonly EventSlot[]): EventSlot[] {
  const last = slots.at(-1);
  if (last === undefined) return [];
  const kept: EventSlot[] = [];
  const sums = new Map<EventReceiver, Sum>();
  for (const { moment, parts } of slots) {
    const rest: Part[] = [];
    for (const part of parts) {
      if (!isWanted(part, moment)) continue;
      const { receiver } = part;
      const sum = sums.get(receiver);
      const events = eventsWith(sum, part);
      if (events !== null) {
        sums.set(receiver, { moment, events });
        continue;
      }
      rest.push(part);
      if (sum === undefined) continue;
      kept.push({ moment: sum.moment, parts: [partOf(receiver, sum)] });
      sums.delete(receiver);
    }
    if (rest.length > 0) kept.push({ moment, parts: rest });
  }
  const parts = [...sums].map(([receiver, sum]) => partOf(receiver, sum));
  // What is left of the last moment leaves together.
  const isOpen = kept.at(-1)?.moment === last.moment;
  if (isOpen) kept.at(-1)?.parts.push(...parts);
  else if (parts.length > 0) kept.push({ moment: last.moment, parts });
  return kept;
}

function partOf(receiver: EventReceiver, { events }: Sum): Part {
  return { receiver, events, isOwed: true };
}

/** Null when the part cannot be merged. */
function eventsWith(sum: Sum | undefined, { receiver, events }: Part): readonly object[] | null {
  return events instanceof Promise || events === "lost" ? null : receiver.merge(sum?.events ?? [], events);
}
