import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { EventReceiver } from "./event-slot.ts";

/** A frame on its way to a socket. */
export interface OutgoingFrame {
  readonly consumer: AsyncAPIConsumer;
  readonly text: string;
  /** Who must still be there when it leaves; a frame without one leaves in any case. */
  readonly receiver?: EventReceiver;
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
