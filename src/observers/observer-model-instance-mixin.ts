import type { ActionContext } from "../consumers/action-context.ts";
import { declareActions } from "../consumers/action-registry.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { Adds, LookupArguments, LookupArgumentsOf, OutputOf, PkOf } from "../mixins/mixin-types.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import { InstanceSubscription } from "./instance-subscription.ts";
import { LiveSession } from "./live-session.ts";
import { namesSubscription, subscriptionName } from "./subscription-name.ts";
import { prepareObserved } from "./prepare-observed.ts";
import { watchesRelations } from "./watches-relations.ts";

export interface SubscribeInstanceArguments<Pk = number | string | bigint> extends LookupArguments<Pk> {
  /** Answer the row too. Default false: the answer's data is null (DCRF). */
  readonly snapshot?: boolean;
  /** The position of the last event that the client has of the same subscription. */
  readonly since?: string | null;
}

export interface ObserverInstanceActions<B extends GenericConsumerClass> {
  /**
   * Answers 201 with null (or the row, with `snapshot`) and a `position`; then each change of the row is an `update`, `delete` or `create` event
   * under the same request id. A row that leaves what the user may see is deleted, one that comes back is created. 404 when there is no such
   * row. One request id may hold several rows.
   */
  subscribeInstance(args: SubscribeInstanceArguments<PkOf<B>>, context?: ActionContext): Promise<Reply<OutputOf<B> | null>>;
  /** Ends the subscription of one row under the same request id; without an id, all of that row. Also when the row is gone. 204. */
  unsubscribeInstance(args: LookupArgumentsOf<B>, context?: ActionContext): Promise<Reply<null>>;
  /** Are changes of a row's many-to-many relations updates of the row? Default false. */
  observerManyToManyRelationships: boolean;
}

/** Adds `subscribe_instance` and `unsubscribe_instance`: rows that are followed one by one. */
export function ObserverModelInstanceMixin<B extends GenericConsumerClass>(Base: B): B & Adds<ObserverInstanceActions<B>> {
  class ObserverModelInstance extends Base {
    static prepare(): Promise<void> {
      return prepareObserved(this);
    }

    declare observerManyToManyRelationships: boolean;

    async subscribeInstance(args: MessageArguments, context: ActionContext): Promise<Reply<OutputOf<B> | null>> {
      const { requestId, action } = context;
      const { since } = args;
      const isNew = since === undefined || since === null;
      if (isNew) await this.getObject(args);
      const request = { consumer: this, action, args, requestId, watchesRelations: watchesRelations(this) };
      const subscription = new InstanceSubscription(request);
      const name = subscriptionName("instance", requestId, await this.#target(args));
      const answer = await LiveSession.of(this).open<OutputOf<B>>(name, subscription, context, since);
      return isNew && args["snapshot"] !== true ? reply(null, 201).with(answer.extra) : answer;
    }

    async unsubscribeInstance(args: MessageArguments, { requestId }: ActionContext): Promise<Reply<null>> {
      const target = await this.#target(args);
      LiveSession.of(this).close((name) => namesSubscription(name, "instance", requestId, target));
      return reply(null, 204);
    }

    /** @throws ValidationError (400) when the lookup argument is missing. */
    async #target(args: MessageArguments): Promise<string> {
      const key = this.lookupUrlKwarg ?? this.lookupField;
      if (!Object.hasOwn(args, key)) throw new ValidationError({ [key]: ["This field is required."] });
      const request = { consumer: this, action: "", args, requestId: null, watchesRelations: false };
      const { value } = await new InstanceSubscription(request).lookup();
      return encodeJson(value);
    }

    override async refresh(): Promise<void> {
      await LiveSession.of(this).refresh();
    }
  }
  Object.assign(ObserverModelInstance.prototype, { observerManyToManyRelationships: false });
  declareActions(ObserverModelInstance, {
    subscribeInstance: { ordered: true, subscribes: true, model: "subscribe_instance" },
    unsubscribeInstance: { ordered: true, model: "unsubscribe_instance" },
  });
  return ObserverModelInstance;
}
