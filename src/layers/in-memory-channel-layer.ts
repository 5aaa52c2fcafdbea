import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { ChannelFull } from "./channel-full.ts";
import type { ChannelLayer, ChannelReceiver } from "./channel-layer.ts";
import { type ChannelLimits, resolveChannelLimits } from "./channel-limits.ts";
import { type ChannelMessage, sealMessage } from "./channel-message.ts";
import { assertChannelName } from "./channel-name.ts";
import { ChannelQueue } from "./channel-queue.ts";
import { GroupTable } from "./group-table.ts";

/** What `new InMemoryChannelLayer` takes. */
export interface InMemoryChannelLayerOptions extends Partial<ChannelLimits> {
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Hears of a receiver that failed. Default: one line on stderr that names the error's class, since its message may hold data. */
  readonly onError?: (error: unknown, channel: string) => void;
}

/** A channel layer within one process: nothing of it reaches another one, and nothing of it outlives the process. */
export class InMemoryChannelLayer implements ChannelLayer {
  readonly #limits: ChannelLimits;
  readonly #clock: () => number;
  readonly #onError: (error: unknown, channel: string) => void;
  readonly #channels = new Map<string, ChannelQueue<ChannelMessage>>();
  readonly #groups = new GroupTable();

  constructor({ clock = Date.now, onError = writeError, ...limits }: InMemoryChannelLayerOptions = {}) {
    this.#limits = resolveChannelLimits(limits);
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Channels that somebody receives from. */
  get channelCount(): number {
    return this.#channels.size;
  }

  /** Groups that have members. */
  get groupCount(): number {
    return this.#groups.size;
  }

  async register(channel: string, receiver: ChannelReceiver): Promise<() => Promise<void>> {
    assertChannelName(channel);
    if (this.#channels.has(channel))
      throw new ImproperlyConfigured(`Channel "${channel}" has a receiver. Expected one per channel: choose another name.`);
    const queue = this.#queueFor(channel, receiver);
    this.#channels.set(channel, queue);
    this.#groups.keep(channel);
    return () => this.#unregister(channel, queue);
  }

  async send(channel: string, message: ChannelMessage): Promise<void> {
    assertChannelName(channel);
    const sealed = sealMessage(message);
    const taken = this.#channels.get(channel)?.offer(sealed) ?? true;
    if (!taken) throw new ChannelFull(channel, this.#limits.capacity);
  }

  async groupAdd(group: string, channel: string): Promise<void> {
    assertChannelName(group);
    assertChannelName(channel);
    const now = this.#clock();
    this.#groups.expire(now);
    this.#groups.add(group, channel, this.#channels.has(channel) ? null : now + this.#limits.groupExpiry);
  }

  async groupDiscard(group: string, channel: string): Promise<void> {
    this.#groups.discard(group, channel);
  }

  async groupSend(group: string, message: ChannelMessage): Promise<void> {
    assertChannelName(group);
    const sealed = sealMessage(message);
    this.#groups.expire(this.#clock());
    for (const channel of this.#groups.membersOf(group)) this.#channels.get(channel)?.push(sealed);
  }

  #queueFor(channel: string, receiver: ChannelReceiver): ChannelQueue<ChannelMessage> {
    const report = (error: unknown): void => this.#onError(error, channel);
    const worker = {
      receive: (message: ChannelMessage) => receiver.receive(message),
      onOverflow: () => attempt(() => receiver.onOverflow?.(), report),
      onError: report,
    };
    return new ChannelQueue(worker, { ...this.#limits, clock: this.#clock });
  }

  #unregister(channel: string, queue: ChannelQueue<ChannelMessage>): Promise<void> {
    if (this.#channels.get(channel) === queue) {
      this.#channels.delete(channel);
      this.#groups.remove(channel);
    }
    return queue.close();
  }
}

function attempt(work: () => void, report: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    report(error);
  }
}

function writeError(error: unknown, channel: string): void {
  const name = error instanceof Error ? error.name : typeof error;
  console.error(
    JSON.stringify({
      level: "error",
      time: new Date().toISOString(),
      message: "A channel's receiver failed.",
      channel,
      error: name,
    }),
  );
}
