import type { WaitList } from "./wait-list.ts";

/** A fault that was ordered from a `FaultProxy` and that happens once. */
export interface Fault {
  /** Has it happened? */
  readonly hasHappened: boolean;
  /** Resolves when it has happened. @throws WaitFailed after `timeoutMs` (default 5000), or when the proxy is closed. */
  happened(timeoutMs?: number): Promise<void>;
  /** Takes the order back. Does nothing once a message or byte has met the fault. */
  cancel(): void;
}

/** A fault as the proxy knows it. */
export class OrderedFault implements Fault {
  hasHappened = false;
  private readonly description: string;
  private readonly strikes: WaitList<OrderedFault>;
  private readonly onCancel: (fault: OrderedFault) => void;

  constructor(description: string, strikes: WaitList<OrderedFault>, onCancel: (fault: OrderedFault) => void) {
    this.description = description;
    this.strikes = strikes;
    this.onCancel = onCancel;
  }

  async happened(timeoutMs = 5000): Promise<void> {
    if (!this.hasHappened) await this.strikes.next((fault) => fault === this, this.description, timeoutMs);
  }

  cancel(): void {
    this.onCancel(this);
  }

  strike(): void {
    this.hasHappened = true;
    this.strikes.offer(this);
  }
}
