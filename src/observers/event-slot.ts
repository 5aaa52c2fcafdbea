import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { CommittedTransaction } from "../models/change-log/change.ts";
import type { TransactionId } from "../models/change-log/position.ts";
import type { MaybePromise } from "../models/database.ts";

/** What a slot of events is about: a committed transaction, or a moment at which something was looked at again. */
export type Moment = Pick<CommittedTransaction, "id" | "position">;

/** What a moment means for a receiver, in a form that only the receiver knows; `"lost"` when only reading again can tell. */
export type MomentEvents = readonly object[] | "lost";

/** Who gets events through a socket. */
export interface EventReceiver {
  readonly consumer: AsyncAPIConsumer;
  readonly hasEnded: boolean;
  /** May what waits be dropped for reading everything again? Where not, a reader that is much too slow is closed. */
  readonly isReplaceable: boolean;
  /** The receiver in whose place this one stands. */
  readonly source?: EventReceiver;
  /** Does this receiver want what this transaction did? */
  wants(transaction: TransactionId): boolean;
  /** The frames of one transaction's events, without those that this subscriber may not see. */
  frames(moment: Moment, events: readonly object[]): MaybePromise<readonly string[]>;
  /** The net events, row by row, of two moments that follow each other; null where they cannot be merged. */
  merge(first: readonly object[], second: readonly object[]): readonly object[] | null;
  /** Reads everything again and gives the frame that says so; null when the subscription has ended. */
  readAgain(): Promise<string | null>;
}

/** The receiver that is meant. */
export function sourceOf(receiver: EventReceiver): EventReceiver {
  return receiver.source ?? receiver;
}

/** What one moment means for one receiver. */
export interface Part {
  readonly receiver: EventReceiver;
  readonly events: MaybePromise<MomentEvents>;
  /** Is it for this receiver whatever it has seen? */
  readonly isOwed: boolean;
}

/** The events of one moment, which leave together. */
export interface EventSlot {
  readonly moment: Moment;
  readonly parts: Part[];
}

/** Leaves out what is for certain receivers. */
export function withoutReceivers(slots: readonly EventSlot[], isDropped: (receiver: EventReceiver) => boolean): EventSlot[] {
  return slots
    .map(({ moment, parts }) => ({ moment, parts: parts.filter(({ receiver }) => !isDropped(receiver)) }))
    .filter(({ parts }) => parts.length > 0);
}

/** Does its receiver still want it? */
export function isWanted({ receiver, isOwed }: Part, moment: Moment): boolean {
  return !receiver.hasEnded && (isOwed || receiver.wants(moment.id));
}
