import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import type { Direction } from "./direction.ts";
import { OrderedFault } from "./fault.ts";
import { WaitList } from "./wait-list.ts";

/** What a fault does to the message that it meets. A cut comes before, inside of or after it. */
export type Blow = "cutBefore" | "cutInside" | "cutAfter" | "double";

interface MessageFault {
  readonly fault: OrderedFault;
  readonly direction: Direction;
  readonly blow: Blow;
  /** Is this its message? Null stands for a message without text. */
  readonly meets: (text: string | null) => boolean;
}

interface ByteFault {
  readonly fault: OrderedFault;
  readonly direction: Direction;
  /** How many bytes it still lets pass. */
  left: number;
}

/** What becomes of a message. */
export interface Judgement {
  readonly copies: readonly OrderedFault[];
  readonly cut: { readonly fault: OrderedFault; readonly blow: Exclude<Blow, "double"> } | null;
}

/** Where among some bytes the connection is to be cut. */
export interface ByteStrike {
  readonly fault: OrderedFault;
  readonly at: number;
}

/** The faults that were ordered and have met nothing yet, in the order of the orders. */
export class OrderedFaults {
  private readonly strikes = new WaitList<OrderedFault>();
  private messageFaults: MessageFault[] = [];
  private byteFaults: ByteFault[] = [];

  onMessage(direction: Direction, blow: Blow, description: string, meets: MessageFault["meets"]): OrderedFault {
    const fault = this.order(description);
    this.messageFaults.push({ fault, direction, blow, meets });
    return fault;
  }

  /** @throws ImproperlyConfigured when `count` is not a whole number from 1. */
  onNthMessage(direction: Direction, blow: Blow, description: string, count: number): OrderedFault {
    let left = wholeNumber(count);
    return this.onMessage(direction, blow, description, () => {
      left -= 1;
      return left === 0;
    });
  }

  /** @throws ImproperlyConfigured when `count` is not a whole number from 1. */
  afterBytes(direction: Direction, description: string, count: number): OrderedFault {
    const left = wholeNumber(count);
    const fault = this.order(description);
    this.byteFaults.push({ fault, direction, left });
    return fault;
  }

  /** May a message that begins now meet a fault? */
  concern(direction: Direction): boolean {
    return this.messageFaults.some((ordered) => ordered.direction === direction);
  }

  /** Faults that come after a cut do not see the message. */
  judge(direction: Direction, text: string | null): Judgement {
    const copies: OrderedFault[] = [];
    for (const { fault, blow, meets, ...ordered } of this.messageFaults) {
      if (ordered.direction !== direction || !meets(text)) continue;
      this.remove(fault);
      if (blow !== "double") return { copies, cut: { fault, blow } };
      copies.push(fault);
    }
    return { copies, cut: null };
  }

  /** So many bytes are about to pass. */
  count(direction: Direction, bytes: number): ByteStrike | null {
    const counting = this.byteFaults.filter((ordered) => ordered.direction === direction);
    const [first] = counting.toSorted((a, b) => a.left - b.left);
    const passed = Math.min(bytes, first?.left ?? 0);
    for (const ordered of counting) ordered.left -= passed;
    if (first === undefined || first.left > 0) return null;
    this.remove(first.fault);
    return { fault: first.fault, at: passed };
  }

  close(): void {
    this.messageFaults = [];
    this.byteFaults = [];
    this.strikes.close();
  }

  private order(description: string): OrderedFault {
    return new OrderedFault(description, this.strikes, (fault) => this.remove(fault));
  }

  private remove(fault: OrderedFault): void {
    this.messageFaults = this.messageFaults.filter((ordered) => ordered.fault !== fault);
    this.byteFaults = this.byteFaults.filter((ordered) => ordered.fault !== fault);
  }
}

function wholeNumber(count: number): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new ImproperlyConfigured(`Expected a whole number from 1 as the count of a fault, got ${count}.`);
}
