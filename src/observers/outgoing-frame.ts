import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { MaybePromise } from "../models/database.ts";
import type { EventReceiver, Moment } from "./event-slot.ts";

/** A frame on its way to a socket. */
export interface OutgoingFrame {
  readonly consumer: AsyncAPIConsumer;
  readonly text: string;
  /** Who must still be there when it leaves; a frame without one leaves in any case. */
  readonly receiver?: EventReceiver;
}

/** The frames of one moment's events for one receiver. */
export function outgoingFrames(
  receiver: EventReceiver,
  moment: Moment,
  events: readonly object[],
): MaybePromise<readonly OutgoingFrame[]> {
  const { consumer } = receiver;
  const texts = receiver.frames(moment, events);
  if (texts instanceof Promise) return texts.then((known) => known.map((text) => ({ consumer, text, receiver })));
  return texts.map((text) => ({ consumer, text, receiver }));
}

/** Calls `write` when no answer of the frames' consumers has to go first: at once where that is so now. */
export function writeBehindAnswers(frames: readonly OutgoingFrame[], write: () => void): void | Promise<void> {
  const [first] = frames;
  if (first === undefined) return;
  if (frames.every(({ consumer }) => consumer === first.consumer)) return first.consumer.deliverEvents(write);
  let send: () => void | Promise<void> = write;
  for (const consumer of new Set(frames.map((frame) => frame.consumer))) {
    const inner = send;
    send = () => consumer.deliverEvents(inner);
  }
  return send();
}
