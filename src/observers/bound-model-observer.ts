import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { connectionLog } from "../consumers/connection-log.ts";
import { bindToConsumer, type ConsumerField } from "../consumers/consumer-field.ts";
import type { SendsEvents } from "../consumers/events-of.ts";
import { OrderedLane } from "../consumers/ordered-lane.ts";
import type { CommittedTransaction, LoggedRow } from "../models/change-log/change.ts";
import type { Position, TransactionId } from "../models/change-log/position.ts";
import type { MaybePromise } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { checkObjectPermissions } from "../permissions/check-permissions.ts";
import { judgesObjects } from "../permissions/composite-permission.ts";
import { toActionName } from "../protocol/action-name.ts";
import { APIException, ImproperlyConfigured } from "../protocol/exceptions.ts";
import { type AudienceOptions, type GroupEvent, type GroupMember, ModelAudience } from "./model-audience.ts";
import { type GroupChange, groupChanges } from "./group-changes.ts";
import type { ModelAction, ObservedChange } from "./model-observer-options.ts";
import type { EventReceiver, Moment } from "./event-slot.ts";
import type { ObserverSubscription } from "./observer-subscription.ts";
import { SocketEvents } from "./socket-events.ts";
import type { GivenOptions, SubscribeOptions } from "./subscribe-options.ts";
import { SubscribingRequests } from "./subscribing-requests.ts";

/** What of an observer belongs to one connection. */
export interface MemberOptions<Body, Args extends object> {
  readonly groupsForConsumer: (args: Args) => Iterable<string>;
  readonly handle: ((message: Body, change: ObservedChange) => void | Promise<void>) | undefined;
  readonly onLost: (() => void | Promise<void>) | undefined;
}

/** Audiences by consumer class and field: what is the same for all connections is worked out once. */
const audiences = new WeakMap<object, Map<string, ModelAudience>>();

/** The handlers of one connection's observers run one after another (DCRF). */
const lanes = new WeakMap<AsyncAPIConsumer, OrderedLane>();

/** One connection's view of a model's changes, as a class field. Made by `modelObserver`. */
export class BoundModelObserver<Body, Args extends object, Sent = Body>
  implements ConsumerField, GroupMember, EventReceiver, SendsEvents<ModelAction, Sent>
{
  declare readonly "~sends"?: { readonly action: ModelAction; readonly data: Sent };
  readonly isReplaceable = false;
  readonly #audienceOptions: AudienceOptions;
  readonly #options: MemberOptions<Body, Args>;
  readonly #requests = new SubscribingRequests();
  #consumer: AsyncAPIConsumer | null = null;
  #property = "";
  #from: Position | null = null;
  #hasEnded = false;

  constructor(audience: AudienceOptions, options: MemberOptions<Body, Args>) {
    this.#audienceOptions = audience;
    this.#options = options;
  }

  /** What is observed. */
  get model(): AnyModel {
    return this.#audienceOptions.model;
  }

  /** Are changes of the model's many-to-many relations told? */
  get manyToMany(): boolean {
    return this.#audienceOptions.manyToMany;
  }

  /** The observer's name in snake_case. */
  get action(): string {
    return toActionName(this.#property);
  }

  /** What is subscribed to now. */
  get subscriptions(): readonly ObserverSubscription[] {
    return this.#requests.subscriptions;
  }

  /** Nothing that was committed before is told; null: nothing is subscribed to. */
  get from(): Position | null {
    return this.#from;
  }

  /** What a change of a row is to the groups that the row was or is in. */
  groupChanges(before: LoggedRow | null, after: LoggedRow | null): readonly GroupChange[] {
    return groupChanges(this.#audienceOptions.groupsForSignal, before, after);
  }

  [bindToConsumer](consumer: AsyncAPIConsumer, property: string): void {
    this.#consumer = consumer;
    this.#property = property;
    const { model, manyToMany } = this.#audienceOptions;
    model.database.changes.observe(model, { manyToMany });
    consumer.whenEnded(() => {
      this.#hasEnded = true;
      return this.unsubscribe().then(() => undefined);
    });
  }

  get consumer(): AsyncAPIConsumer {
    if (this.#consumer !== null) return this.#consumer;
    throw new ImproperlyConfigured(
      "Expected an observer to be a field of a consumer that is connected. Subscribe in connect() or in an action.",
    );
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Subscribes this connection, until it unsubscribes or ends. Several requests may share a subscription; events carry all their ids. Resolves, with
   * the groups, when no change that is committed from now on is missed.
   */
  async subscribe(...[options]: GivenOptions<Args>): Promise<readonly string[]> {
    const { consumer } = this;
    if (this.#hasEnded) return [];
    consumer.followCommits();
    const groups = this.#groupsFor(options);
    const request = { consumer, action: this.action, requestId: options?.requestId ?? null };
    const release = this.#socket.hold();
    try {
      await this.#requests.add(groups, request, (group) => this.#audience.join(group, this));
      this.#from ??= await this.#audienceOptions.model.database.changes.position();
    } finally {
      release();
    }
    return groups;
  }

  /**
   * Ends the subscription of a request, given what `subscribe` was given; without a `requestId` that of all requests to these groups; without
   * anything, all. What is not subscribed to is no error.
   */
  async unsubscribe(options?: SubscribeOptions<Args>): Promise<readonly string[]> {
    const groups = options === undefined ? this.#requests.groups : this.#groupsFor(options);
    const requestId = options?.requestId ?? null;
    for (const group of groups) if (this.#requests.remove(group, requestId)) this.#audience.leave(group, this);
    if (this.#requests.groups.length === 0) this.#from = null;
    return groups;
  }

  receive(transaction: CommittedTransaction, events: MaybePromise<readonly GroupEvent[] | "lost">): void {
    this.#socket.add(transaction, this, events);
  }

  wants(transaction: TransactionId): boolean {
    return this.#from?.includes(transaction) !== true;
  }

  /** Runs the handler at the place where frames would go; it sends what it likes by itself. */
  async frames(moment: Moment, events: readonly GroupEvent[]): Promise<readonly string[]> {
    const handleAll = async (): Promise<void> => {
      for (const event of events) await this.#deliver(moment, event);
    };
    await this.#lane.run(async () => this.consumer.deliverEvents(handleAll));
    return [];
  }

  /** Handlers want every event. */
  merge(): null {
    return null;
  }

  /** There is no snapshot to read: what is lost is told. */
  async readAgain(): Promise<null> {
    const { onLost } = this.#options;
    if (onLost !== undefined) await onLost();
    else this.#log({ observer: this.#property }, "Changes were lost that the change log cannot tell.");
    return null;
  }

  async #deliver(moment: Moment, { group, action, row, body }: GroupEvent): Promise<void> {
    try {
      if (this.#hasEnded || !this.#requests.has(group) || !(await this.#isPermitted(action, row))) return;
      const message = await body();
      const subscribingRequestIds = this.#requests.idsOf(group);
      if (subscribingRequestIds === null) return;
      const messageType = this.action.replaceAll("_", ".");
      const position = String(moment.position);
      // The body is what `serialize` or the serializer gave, which is what `handle` was declared for.
      await this.#handle(message as Body, { action, subscribingRequestIds, group, messageType, position, observer: this });
    } catch (error) {
      const errorId = this.consumer["connection"].settings.ids();
      this.#log({ errorId, observer: this.#property, error }, "An observer's handler failed.");
    }
  }

  async #handle(message: Body, change: ObservedChange): Promise<void> {
    const { handle } = this.#options;
    if (handle !== undefined) return handle(message, change);
    const { action, position, subscribingRequestIds } = change;
    for (const requestId of subscribingRequestIds) {
      await this.consumer.reply({ data: message, action, requestId, extra: { position } });
    }
  }

  async #isPermitted(action: string, row: object): Promise<boolean> {
    const { consumer } = this;
    try {
      await consumer["checkPermissions"](action, {});
      const permissions = consumer["getPermissions"]({});
      if (permissions.some(judgesObjects)) await checkObjectPermissions(permissions, consumer.scope, consumer, action, row, {});
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

  get #lane(): OrderedLane {
    const known = lanes.get(this.consumer) ?? new OrderedLane();
    lanes.set(this.consumer, known);
    return known;
  }

  get #socket(): SocketEvents {
    return SocketEvents.of(this.consumer["connection"]);
  }

  get #audience(): ModelAudience {
    const kind = this.consumer.constructor;
    const known = audiences.get(kind) ?? new Map<string, ModelAudience>();
    audiences.set(kind, known);
    const audience = known.get(this.#property) ?? new ModelAudience(this.#audienceOptions);
    known.set(this.#property, audience);
    return audience;
  }

  #log(details: Readonly<Record<string, unknown>>, message: string): void {
    connectionLog(this.consumer["connection"]).error(details, message);
  }
}
