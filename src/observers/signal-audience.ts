import { randomUUID } from "node:crypto";
import type { ChannelLayer } from "../layers/channel-layer.ts";
import type { ChannelMessage } from "../layers/channel-message.ts";
import { SignalEvent } from "./signal-event.ts";

/** The type of the channel messages that carry signals. */
export const SIGNAL_TYPE = "restwave.signal";

/** The groups to which a message goes. */
export type GroupsForSignal<Message> = (message: Message) => Iterable<string>;

/** Who observes a signal on one connection. */
export interface SignalSubscriber<Message> {
  /** Takes an event for a group that it has joined. Must not throw. */
  receive(event: SignalEvent<Message>, group: string): void;
  /** Events were lost. */
  onOverflow(): void;
  /** `groupsForSignal` failed for an event, so nobody knows whom it is for. */
  onError(error: unknown): void;
}

type Groups<Message> = Map<string, Set<SignalSubscriber<Message>>>;

/**
 * Everybody in this process who observes one signal. It has one channel on the layer, for as long as anybody observes; an event goes to those who
 * are in its groups, and costs the others nothing where they share `groupsForSignal`.
 */
export class SignalAudience<Message> {
  private readonly layer: ChannelLayer;
  private readonly group: string;
  private readonly groupsBy = new Map<GroupsForSignal<Message>, Groups<Message>>();
  /** The channel of the present registration; an earlier one may still be ending. */
  private channel: string | null = null;
  private registration: Promise<() => Promise<void>> | null = null;

  /** @param group the group of the layer to which the signal is sent. */
  constructor(layer: ChannelLayer, group: string) {
    this.layer = layer;
    this.group = group;
  }

  /** Does nobody observe the signal? */
  get isEmpty(): boolean {
    return this.groupsBy.size === 0;
  }

  async add(groupsForSignal: GroupsForSignal<Message>, group: string, subscriber: SignalSubscriber<Message>): Promise<void> {
    const groups: Groups<Message> = this.groupsBy.get(groupsForSignal) ?? new Map();
    this.groupsBy.set(groupsForSignal, groups.set(group, (groups.get(group) ?? new Set()).add(subscriber)));
    this.registration ??= this.register();
    const { registration } = this;
    try {
      await registration;
    } catch (error) {
      if (this.registration === registration) this.registration = null;
      await this.remove(groupsForSignal, group, subscriber);
      throw error;
    }
  }

  async remove(groupsForSignal: GroupsForSignal<Message>, group: string, subscriber: SignalSubscriber<Message>): Promise<void> {
    const groups = this.groupsBy.get(groupsForSignal);
    const members = groups?.get(group);
    members?.delete(subscriber);
    if (members?.size === 0) groups?.delete(group);
    if (groups?.size === 0) this.groupsBy.delete(groupsForSignal);
    if (this.isEmpty) await this.unregister();
  }

  private async register(): Promise<() => Promise<void>> {
    const channel = `restwave.observer.${randomUUID()}`;
    this.channel = channel;
    const unregister = await this.layer.register(channel, {
      receive: (message) => this.receive(message, channel),
      onOverflow: () => this.lose(),
    });
    try {
      await this.layer.groupAdd(this.group, channel);
    } catch (error) {
      await unregister();
      throw error;
    }
    return unregister;
  }

  private async unregister(): Promise<void> {
    const { registration } = this;
    this.registration = null;
    this.channel = null;
    const unregister = await registration?.catch(() => null);
    await unregister?.();
  }

  private receive({ type, message }: ChannelMessage, channel: string): void {
    if (type !== SIGNAL_TYPE || channel !== this.channel) return;
    // What was sent as a Message, by way of JSON.
    const event = new SignalEvent(message as Message);
    for (const [groupsForSignal, groups] of this.groupsBy) {
      for (const group of this.groupsOf(event, groupsForSignal, groups)) {
        for (const subscriber of groups.get(group) ?? []) subscriber.receive(event, group);
      }
    }
  }

  /** The groups of an event. When they cannot be told, nobody gets it, and one of those who might have is told why. */
  private groupsOf(
    { message }: SignalEvent<Message>,
    groupsForSignal: GroupsForSignal<Message>,
    groups: Groups<Message>,
  ): Iterable<string> {
    try {
      return new Set(groupsForSignal(message));
    } catch (error) {
      const [[somebody] = []] = groups.values();
      somebody?.onError(error);
      return [];
    }
  }

  private lose(): void {
    const subscribers = [...this.groupsBy.values()].flatMap((groups) => [...groups.values()].flatMap((members) => [...members]));
    for (const subscriber of new Set(subscribers)) subscriber.onOverflow();
  }
}
