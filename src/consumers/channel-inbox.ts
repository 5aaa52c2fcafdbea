import type { ChannelReceiver } from "../layers/channel-layer.ts";
import { defaultChannelLimits } from "../layers/channel-limits.ts";
import type { ChannelMessage } from "../layers/channel-message.ts";
import { ChannelQueue } from "../layers/channel-queue.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { OrderedLane } from "./ordered-lane.ts";
import type { Logger } from "./logger.ts";
import type { ConsumerSettings } from "./settings.ts";

type Work = () => void | Promise<void>;
type MessageHandler = (message: ChannelMessage) => void | Promise<void>;

interface Event {
  readonly type: string;
  readonly work: Work;
}

/** What an inbox needs of its consumer. */
export interface InboxOwner {
  readonly settings: ConsumerSettings;
  /** Where failures are written. */
  readonly log: Logger;
  /** Which consumer the log names. */
  readonly kind: object & { readonly name: string };
  /** The name of the consumer's channel. */
  nameChannel(): string;
  /** Runs work when no answer has to go before it. */
  deliver(work: Work): void | Promise<void>;
  /** Messages were lost. */
  overflow(): void | Promise<void>;
}

/**
 * The receiving half of a consumer: its channel on the layer, its groups, and the events of signals. All of it is handled one after another.
 * Whatever fails is logged and concerns no other message.
 */
export class ChannelInbox implements ChannelReceiver {
  readonly #owner: InboxOwner;
  readonly #handlers = new Map<string, MessageHandler>();
  readonly #lane = new OrderedLane();
  #registration: Promise<() => Promise<void>> | null = null;
  #events: ChannelQueue<Event> | null = null;
  #hasEnded = false;

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** @throws ImproperlyConfigured when the type has a handler. */
  handle(type: string, handler: MessageHandler): void {
    if (this.#handlers.has(type)) {
      throw new ImproperlyConfigured(
        `${this.#owner.kind.name}: expected one channelMessage field for "${type}", got two. Put the work of both into one.`,
      );
    }
    this.#handlers.set(type, handler);
  }

  /** Registers the channel, once. A failure is logged; the next call tries again. */
  open(): void {
    this.#open().catch((error: unknown) => this.#log(error, "A channel could not be registered."));
  }

  async groupAdd(group: string): Promise<void> {
    if (this.#hasEnded) return;
    const { channelLayer } = this.#owner.settings;
    const channel = this.#owner.nameChannel();
    await this.#open();
    await channelLayer.groupAdd(group, channel);
    if (this.#hasEnded) await channelLayer.groupDiscard(group, channel);
  }

  async groupDiscard(group: string): Promise<void> {
    if (this.#registration !== null) await this.#owner.settings.channelLayer.groupDiscard(group, this.#owner.nameChannel());
  }

  /** Runs `work` after what was enqueued before, within the limits that a channel has. `type` names it in the log. */
  enqueue(type: string, work: Work): void {
    if (this.#hasEnded) return;
    this.#events ??= this.#makeQueue();
    this.#events.push({ type, work });
  }

  /** Writes a failure to the log. */
  logFailure(error: unknown, type: string): void {
    this.#log(error, HANDLING_FAILED, type);
  }

  async receive(message: ChannelMessage): Promise<void> {
    const handler = this.#handlers.get(message.type);
    if (handler === undefined) return this.#noteUnhandled(message.type);
    await this.#run(message.type, () => handler(message));
  }

  onOverflow(): void {
    if (!this.#hasEnded) void this.#attempt(() => this.#owner.overflow(), "channelOverflow() failed.");
  }

  /** Leaves all groups. Resolves when nothing runs any more. Never rejects. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await Promise.all([this.#unregister(), this.#events?.close()]);
  }

  #open(): Promise<unknown> {
    if (this.#hasEnded) return Promise.resolve();
    this.#registration ??= this.#register();
    return this.#registration;
  }

  async #register(): Promise<() => Promise<void>> {
    try {
      return await this.#owner.settings.channelLayer.register(this.#owner.nameChannel(), this);
    } catch (error) {
      this.#registration = null;
      throw error;
    }
  }

  async #unregister(): Promise<void> {
    const unregister = await this.#registration?.catch(() => null);
    try {
      await unregister?.();
    } catch (error) {
      this.#log(error, "A channel could not be given up.");
    }
  }

  #makeQueue(): ChannelQueue<Event> {
    const worker = {
      receive: ({ type, work }: Event) => this.#run(type, work),
      onOverflow: () => this.onOverflow(),
      onError: () => {},
    };
    return new ChannelQueue(worker, { ...defaultChannelLimits, clock: this.#owner.settings.clock });
  }

  #run(type: string, work: Work): Promise<void> {
    return this.#lane.run(async () => {
      if (this.#hasEnded) return;
      await this.#attempt(() => this.#owner.deliver(work), HANDLING_FAILED, type);
    });
  }

  async #attempt(work: Work, failure: string, type?: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log(error, failure, type);
    }
  }

  #log(error: unknown, message: string, type?: string): void {
    const { settings, kind, log } = this.#owner;
    log.error({ errorId: settings.ids(), consumer: kind.name, ...(type === undefined ? {} : { type }), error }, message);
  }

  #noteUnhandled(type: string): void {
    const { settings, kind } = this.#owner;
    const known = unhandled.get(kind) ?? new Set();
    if (known.has(type) || known.size >= MAX_UNHANDLED) return;
    unhandled.set(kind, known.add(type));
    settings.logger.warn(
      { consumer: kind.name, type },
      `A channel message has no handler. Declare one: ... = channelMessage("${type}", async (message) => { ... }). Told once.`,
    );
  }
}

const HANDLING_FAILED = "A channel message could not be handled.";

/** Types of messages that were told to have no handler, by consumer class. */
const unhandled = new WeakMap<object, Set<string>>();
const MAX_UNHANDLED = 100;
