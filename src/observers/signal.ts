import { randomUUID } from "node:crypto";
import type { ChannelLayer } from "../layers/channel-layer.ts";
import { defaultChannelLayer } from "../layers/default-channel-layer.ts";
import { type GroupsForSignal, SIGNAL_TYPE, SignalAudience, type SignalSubscriber } from "./signal-audience.ts";

/** What `new Signal` takes. */
export interface SignalOptions {
  /**
   * The name by which other processes know the signal; one name, one signal. Default: a name that nobody else has, so it stays within this process
   * whatever the layer.
   */
  readonly name?: string;
  /** What carries it. Default: the layer in memory that all servers of the process share. */
  readonly channelLayer?: ChannelLayer;
}

/**
 * Something that happens in the application and that consumers may observe. Send it from anywhere: an action, an HTTP handler, a job.
 *
 * ```ts
 * export const ping = new Signal<{ level: number }>();
 * await ping.send({ level: 1 });
 * ```
 *
 * The message is what JSON can hold: a date arrives as text.
 */
export class Signal<Message> {
  readonly name: string;
  readonly channelLayer: ChannelLayer;
  readonly #audience: SignalAudience<Message>;

  constructor({ name = randomUUID(), channelLayer = defaultChannelLayer }: SignalOptions = {}) {
    this.name = name;
    this.channelLayer = channelLayer;
    this.#audience = new SignalAudience(channelLayer, this.#group);
  }

  /**
   * Tells everybody who observes it. Resolves when the layer has taken it; handlers run later, and their failures are theirs.
   *
   * @throws UnserializableError for what JSON cannot hold.
   */
  async send(message: Message): Promise<void> {
    await this.channelLayer.groupSend(this.#group, { type: SIGNAL_TYPE, message });
  }

  /** For observers: from when it resolves on, `subscriber` gets what is sent to the group. */
  join(groupsForSignal: GroupsForSignal<Message>, group: string, subscriber: SignalSubscriber<Message>): Promise<void> {
    return this.#audience.add(groupsForSignal, group, subscriber);
  }

  /** For observers: ends {@link join}. */
  leave(groupsForSignal: GroupsForSignal<Message>, group: string, subscriber: SignalSubscriber<Message>): Promise<void> {
    return this.#audience.remove(groupsForSignal, group, subscriber);
  }

  get #group(): string {
    return `restwave.signal.${this.name}`;
  }
}
