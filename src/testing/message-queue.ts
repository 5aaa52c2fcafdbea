import { RestwaveError } from "../protocol/exceptions.ts";
import { afterPatience } from "./patience.ts";

/** What a peer did: sent a frame, or closed. */
export type PeerEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

/** Something else came than the test waited for, or nothing. */
export class UnexpectedMessage extends RestwaveError {
  constructor(expected: string, found: string) {
    super(`Expected ${expected}, but ${found}.`, { code: "unexpected_message" });
  }
}

/** Everything that a peer did, in order, so that nothing is missed between two waits. */
export class MessageQueue {
  private readonly events: PeerEvent[] = [];
  private waiting: ((event: PeerEvent | null) => void)[] = [];

  /** How many events nobody has taken yet. */
  get size(): number {
    return this.events.length;
  }

  push(event: PeerEvent): void {
    const waiter = this.waiting.shift();
    if (waiter === undefined) this.events.push(event);
    else waiter(event);
  }

  /** Takes the next event of this kind. @throws UnexpectedMessage when another kind comes, or none within `timeoutMs`. */
  async take<Kind extends PeerEvent["kind"]>(kind: Kind, timeoutMs: number): Promise<Extract<PeerEvent, { kind: Kind }>> {
    const event = await this.next(timeoutMs);
    if (event === null) throw new UnexpectedMessage(expectations[kind], `nothing came within ${timeoutMs} ms`);
    if (isOfKind(event, kind)) return event;
    throw new UnexpectedMessage(expectations[kind], describeEvent(event));
  }

  /** Resolves when nothing came for `milliseconds`. @throws UnexpectedMessage when something did; it stays in the queue. */
  async takeNothing(milliseconds: number): Promise<void> {
    const event = await this.next(milliseconds);
    if (event === null) return;
    this.events.unshift(event);
    throw new UnexpectedMessage("nothing", describeEvent(event));
  }

  private next(milliseconds: number): Promise<PeerEvent | null> {
    const event = this.events.shift();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      const take = (next: PeerEvent | null): void => {
        stopWaiting();
        resolve(next);
      };
      const stopWaiting = afterPatience(milliseconds, () => {
        this.waiting = this.waiting.filter((waiter) => waiter !== take);
        resolve(null);
      });
      this.waiting.push(take);
    });
  }
}

const expectations = { text: "a text message", bytes: "a binary message", close: "the connection to close" } as const;

function isOfKind<Kind extends PeerEvent["kind"]>(event: PeerEvent, kind: Kind): event is Extract<PeerEvent, { kind: Kind }> {
  return event.kind === kind;
}

function describeEvent(event: PeerEvent): string {
  if (event.kind === "text") return `got ${shorten(event.text)}`;
  if (event.kind === "bytes") return `got a binary message of ${event.bytes.byteLength} bytes`;
  return `the connection closed with ${event.code}${event.reason === "" ? "" : ` (${event.reason})`}`;
}

function shorten(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 500)}... (${text.length} characters)`;
}
