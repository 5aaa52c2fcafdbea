import { RestwaveError } from "../protocol/exceptions.ts";
import type { ChannelReceiver } from "../layers/channel-layer.ts";
import type { ChannelMessage } from "../layers/channel-message.ts";

/** A receiver that keeps what came, and that can be held in the middle of a message. */
export class HeldReceiver implements ChannelReceiver {
  readonly messages: ChannelMessage[] = [];
  /** The most messages that it was given at once. */
  mostAtOnce = 0;
  overflows = 0;
  /** The number of the message that makes it fail. */
  failOn: unknown = null;
  /** Ends the registration. */
  end: () => Promise<void> = async () => {};
  /** Resolves when it has a message in hand. */
  readonly busy: Promise<void>;
  /** Resolves when it was told of a loss. */
  readonly overflown: Promise<void>;
  private noteBusy: () => void = () => {};
  private noteOverflow: () => void = () => {};
  private held: Promise<void> | null = null;
  private letGo: () => void = () => {};
  private atOnce = 0;
  private taken = 0;
  private onFinished: () => void = () => {};

  constructor() {
    this.busy = new Promise((resolve) => {
      this.noteBusy = resolve;
    });
    this.overflown = new Promise((resolve) => {
      this.noteOverflow = resolve;
    });
  }

  /** The numbers of the messages that it has finished. */
  get seen(): unknown[] {
    return this.messages.map(({ n }) => n);
  }

  hold(): void {
    this.held = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  release(): void {
    this.letGo();
    this.held = null;
  }

  async receive(message: ChannelMessage): Promise<void> {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    this.noteBusy();
    await this.held;
    await Promise.resolve();
    this.atOnce -= 1;
    this.messages.push(message);
    this.onFinished();
    if (message["n"] === this.failOn) throw new ReceiverFailed();
  }

  onOverflow(): void {
    this.overflows += 1;
    this.noteOverflow();
  }

  /** The numbers of the next `count` messages that were not taken yet, when it has finished them. */
  async take(count: number): Promise<unknown[]> {
    while (this.messages.length < this.taken + count) {
      await new Promise<void>((resolve) => {
        this.onFinished = resolve;
      });
    }
    this.taken += count;
    return this.seen.slice(this.taken - count, this.taken);
  }
}

class ReceiverFailed extends RestwaveError {
  constructor() {
    super("The receiver was told to fail.", { code: "receiver_failed" });
  }
}
