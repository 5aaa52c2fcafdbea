import type { Position } from "../models/change-log/position.ts";
import type { MaybePromise } from "../models/database.ts";
import { eventBytes } from "./event-bytes.ts";
import {
  type EventReceiver,
  type EventSlot,
  isWanted,
  type Moment,
  type MomentEvents,
  type Part,
  sourceOf,
  withoutReceivers,
} from "./event-slot.ts";
import { mergeSlots } from "./merge-slots.ts";

/** What one receiver has missed of a moment. */
export interface Missed {
  readonly moment: Moment;
  readonly events: MomentEvents;
}

/** Events that wait for one socket, in commit order, with how much they take. */
export class EventQueue {
  #slots: EventSlot[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  /** About how many bytes of frames wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many events wait, about: some are still being worked out. */
  get size(): number {
    return this.#slots
      .flatMap(({ parts }) => parts)
      .reduce((sum, { events }) => sum + (Array.isArray(events) ? events.length : 1), 0);
  }

  /** Does something wait that is older than what leaves now? */
  get holdsOwed(): boolean {
    return this.#slots.some(({ parts }) => parts.some(({ isOwed }) => isOwed));
  }

  /** Calls come in commit order. */
  add(moment: Moment, receiver: EventReceiver, events: MaybePromise<MomentEvents>): void {
    const last = this.#slots.at(-1);
    const part: Part = { receiver, events, isOwed: false };
    if (last?.moment === moment) last.parts.push(part);
    else this.#slots.push({ moment, parts: [part] });
    this.#bytes += eventBytes(events);
  }

  /** In commit order; before everything that waits. */
  addMissed(receiver: EventReceiver, missed: readonly Missed[]): void {
    this.#slots.unshift(...missed.map(({ moment, events }) => ({ moment, parts: [{ receiver, events, isOwed: true }] })));
    this.#bytes += missed.reduce((sum, { events }) => sum + eventBytes(events), 0);
  }

  /** Behind all that `position` has seen. */
  addAt(position: Position, receiver: EventReceiver, events: MomentEvents): void {
    const index = this.#slots.findLastIndex(({ moment }) => position.includes(moment.id)) + 1;
    const moment: Moment = { id: Number.NaN, position };
    this.#slots.splice(index, 0, { moment, parts: [{ receiver, events, isOwed: true }] });
    this.#bytes += eventBytes(events);
  }

  /** Takes out what leaves next. */
  shift(): EventSlot | undefined {
    const slot = this.#slots.shift();
    for (const { events } of slot?.parts ?? []) this.#bytes -= eventBytes(events);
    if (this.#slots.length === 0) this.#bytes = 0;
    return slot;
  }

  /** Does something wait for this receiver? */
  holdsFor(receiver: EventReceiver): boolean {
    return this.#slots.some((slot) => isFor(slot, receiver));
  }

  /** Tells rows that changed several times once. */
  merge(): void {
    this.#keep(mergeSlots(this.#slots));
  }

  /** Drops what its receivers can read again. @returns those receivers. */
  dropReplaceable(): Set<EventReceiver> {
    const receivers = this.#slots.flatMap(({ parts }) => parts.map(({ receiver }) => receiver));
    this.#keep(withoutReceivers(this.#slots, (receiver) => receiver.isReplaceable));
    return new Set(receivers.filter((receiver) => receiver.isReplaceable).map(sourceOf));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(slots: EventSlot[]): void {
    this.#slots = slots;
    this.#bytes = slots.flatMap(({ parts }) => parts).reduce((sum, { events }) => sum + eventBytes(events), 0);
  }
}

/** Is a part of the slot for this receiver, and still wanted? */
export function isFor({ moment, parts }: EventSlot, receiver: EventReceiver): boolean {
  return parts.some((part) => sourceOf(part.receiver) === receiver && isWanted(part, moment));
}
