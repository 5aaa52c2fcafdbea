import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { bindToConsumer, type ConsumerField } from "../consumers/consumer-field.ts";
import type { SendsEvents } from "../consumers/events-of.ts";
import { toActionName } from "../protocol/action-name.ts";
import { APIException, ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { RequestId } from "../protocol/request-id.ts";
import type { ObserverSubscription } from "./observer-subscription.ts";
import type { Signal } from "./signal.ts";
import type { SignalSubscriber } from "./signal-audience.ts";
import type { SignalEvent } from "./signal-event.ts";
import type { GivenOptions, SubscribeOptions } from "./subscribe-options.ts";
import { SubscribingRequests } from "./subscribing-requests.ts";

/** What a handler knows of an event besides its message. */
export interface ObservedSignal<Message> {
  /** The observer's name in snake_case, by which permissions judge the event. */
  readonly action: string;
  /** The requests that subscribed to the group; none where it was subscribed to without a `requestId`. */
  readonly subscribingRequestIds: readonly RequestId[];
  /** The group by which the event came; an event of several groups that the connection is in comes once for each. */
  readonly group: string;
  /** DCRF's name for the handler: `"on.ping"` for `onPing`. */
  readonly messageType: string;
  readonly observer: object;
  readonly signal: Signal<Message>;
}

/** What `observer` takes. Functions that are declared outside of the class are called once per event, not once per connection. */
export interface ObserverOptions<
  Message,
  Body,
  Args extends object,
  Handled extends void | Promise<void> = void | Promise<void>,
> {
  /** The groups that an event goes to. With `groupsForConsumer` or not at all. Default: one group for all. */
  readonly groupsForSignal?: (message: Message) => Iterable<string>;
  /** The groups that a subscription listens to, by what `subscribe` is given. */
  readonly groupsForConsumer?: (args: Args) => Iterable<string>;
  /** What of the message reaches the handler. Default: all of it. */
  readonly serialize?: (message: Message) => Body | Promise<Body>;
  /** What a connection does with an event. Default: a reply for each subscribing request, with the observer's name as action. */
  readonly handle?: (message: Body, event: ObservedSignal<Message>) => Handled;
}

/** The options with their defaults. */
export interface ResolvedObserverOptions<Message, Body, Args extends object> {
  readonly groupsForSignal: (message: Message) => Iterable<string>;
  readonly groupsForConsumer: (args: Args) => Iterable<string>;
  readonly serialize: (message: Message) => Body | Promise<Body>;
  readonly handle: ((message: Body, event: ObservedSignal<Message>) => void | Promise<void>) | undefined;
}

/** One connection's view of a signal, as a class field. Made by `observer`. */
export class SignalObserver<Message, Body, Args extends object, Sent = Body>
  implements ConsumerField, SignalSubscriber<Message>, SendsEvents<null, Sent>
{
  declare readonly "~sends"?: { readonly action: null; readonly data: Sent };
  readonly signal: Signal<Message>;
  readonly #options: ResolvedObserverOptions<Message, Body, Args>;
  readonly #requests = new SubscribingRequests();
  #consumer: AsyncAPIConsumer | null = null;
  #action = "";
  #hasEnded = false;

  constructor(signal: Signal<Message>, options: ResolvedObserverOptions<Message, Body, Args>) {
    this.signal = signal;
    this.#options = options;
  }

  [bindToConsumer](consumer: AsyncAPIConsumer, property: string): void {
    this.#consumer = consumer;
    this.#action = toActionName(property);
    consumer.whenEnded(() => this.#end());
  }

  /** The observer's name in snake_case. */
  get action(): string {
    return this.#action;
  }

  /** What is subscribed to now. */
  get subscriptions(): readonly ObserverSubscription[] {
    return this.#requests.subscriptions;
  }

  /**
   * Subscribes this connection, until it unsubscribes or ends. Several requests may share a subscription; events carry all their ids. Resolves, with
   * the groups, when nothing that is sent from now on is missed.
   */
  async subscribe(...[options]: GivenOptions<Args>): Promise<readonly string[]> {
    const consumer = this.#boundConsumer();
    if (this.#hasEnded) return [];
    const groups = this.#groupsFor(options);
    const request = { consumer, action: this.#action, requestId: options?.requestId ?? null };
    await this.#requests.add(groups, request, (group) => this.#join(group));
    return groups;
  }

  /**
   * Ends the subscription of a request, given what `subscribe` was given; without a `requestId` that of all requests to these groups; without
   * anything, all. What is not subscribed to is no error.
   */
  async unsubscribe(options?: SubscribeOptions<Args>): Promise<readonly string[]> {
    const groups = options === undefined ? this.#requests.groups : this.#groupsFor(options);
    const requestId = options?.requestId ?? null;
    const left = groups.filter((group) => this.#requests.remove(group, requestId));
    await Promise.all(left.map((group) => this.#leave(group)));
    return groups;
  }

  receive(event: SignalEvent<Message>, group: string): void {
    this.#consumer?.channelInbox.enqueue(this.#action, () => this.#deliver(event, group));
  }

  onOverflow(): void {
    this.#consumer?.channelInbox.onOverflow();
  }

  onError(error: unknown): void {
    this.#consumer?.channelInbox.logFailure(error, this.#action);
  }

  async #deliver(event: SignalEvent<Message>, group: string): Promise<void> {
    if (!this.#requests.has(group) || !(await this.#isPermitted())) return;
    const body = await event.body(this.#options.serialize);
    const subscribingRequestIds = this.#requests.idsOf(group);
    if (subscribingRequestIds === null) return;
    await this.#handle(body, {
      action: this.#action,
      subscribingRequestIds,
      group,
      messageType: this.#action.replaceAll("_", "."),
      observer: this,
      signal: this.signal,
    });
  }

  async #handle(body: Body, event: ObservedSignal<Message>): Promise<void> {
    const { handle } = this.#options;
    if (handle !== undefined) return handle(body, event);
    const { action, subscribingRequestIds } = event;
    for (const requestId of subscribingRequestIds) await this.#boundConsumer().reply({ data: body, action, requestId });
  }

  /** A permission that refuses by an error of its own refuses too. */
  async #isPermitted(): Promise<boolean> {
    try {
      await this.#boundConsumer()["checkPermissions"](this.#action, {});
      return true;
    } catch (error) {
      if (error instanceof APIException && error.status < 500) return false;
      throw error;
    }
  }

  #groupsFor(options: SubscribeOptions<Args> | undefined): string[] {
    // Only where nothing is required of them may the arguments be left out.
    return [...new Set(this.#options.groupsForConsumer(options ?? ({} as Args)))];
  }

  #join(group: string): Promise<void> {
    return this.signal.join(this.#options.groupsForSignal, group, this);
  }

  #leave(group: string): Promise<void> {
    return this.signal.leave(this.#options.groupsForSignal, group, this);
  }

  async #end(): Promise<void> {
    this.#hasEnded = true;
    try {
      await this.unsubscribe();
    } catch (error) {
      this.onError(error);
    }
  }

  #boundConsumer(): AsyncAPIConsumer {
    if (this.#consumer !== null) return this.#consumer;
    throw new ImproperlyConfigured(
      "Expected an observer to be a field of a consumer that is connected. Subscribe in connect() or in an action.",
    );
  }
}
