import { ValidationError } from "../protocol/exceptions.ts";
import { liveSubprotocol } from "../protocol/live-subprotocol.ts";
import type { Scope } from "../protocol/scope.ts";

const KEY = "stream_credit";

/** How many more items of a stream its client has room for (PROTOCOL.md 6.5). */
export class StreamCredit {
  #left: number;
  #wake: () => void = () => undefined;
  #signal: AbortSignal | null = null;

  constructor(items: number) {
    this.#left = items;
  }

  /** The client has room for so many more. */
  grant(items: number): void {
    this.#left += items;
    this.#wake();
  }

  /** Counts an item that was sent. Resolves when there is room for one more, and when `context` is cancelled. */
  async spend(context: { readonly signal: AbortSignal }): Promise<void> {
    this.#left -= 1;
    if (this.#left > 0) return;
    const signal = this.#listen(context);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (signal.aborted) resolve();
    });
  }

  #listen({ signal }: { readonly signal: AbortSignal }): AbortSignal {
    if (this.#signal === null) signal.addEventListener("abort", () => this.#wake(), { once: true });
    this.#signal = signal;
    return signal;
  }
}

/**
 * Takes the credit out of a frame, since it is no argument of the action; null: it has none, or the connection does not speak `restwave.v1`.
 *
 * @throws ValidationError (400)
 */
export function takeStreamCredit(frame: Record<string, unknown>, { subprotocol }: Scope): number | null {
  if (subprotocol !== liveSubprotocol || !Object.hasOwn(frame, KEY)) return null;
  const items = frame[KEY];
  if (typeof items !== "number" || !Number.isSafeInteger(items) || items < 1)
    throw new ValidationError({ [KEY]: ["Expected a whole number of items, 1 or more."] });
  delete frame[KEY];
  return items;
}
