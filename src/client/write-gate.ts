import type { Call } from "./call.ts";

/**
 * Keeps the order of a write's answer and its events where the write is sent again over a new connection: what the server tells of meanwhile
 * waits until it is answered. Only for writes that are shown before they are answered, since those would be seen twice.
 */
export class WriteGate {
  readonly #writes = new Set<Call>();
  #waiting: (() => void)[] = [];

  /** The connection of the call has ended: the call is sent again, and what waits is told again. */
  lost(call: Call): void {
    this.#waiting = [];
    if (call.isSent && call.request.onAnswer !== undefined) this.#writes.add(call);
  }

  pass(tell: () => void): void {
    if (this.#writes.size === 0) tell();
    else this.#waiting.push(tell);
  }

  /** It is answered, or nobody waits for it any more. */
  over(call: Call): void {
    if (!this.#writes.delete(call) || this.#writes.size > 0) return;
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
