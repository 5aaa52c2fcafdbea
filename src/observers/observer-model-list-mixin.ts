import type { ActionContext } from "../consumers/action-context.ts";
import { declareActions } from "../consumers/action-registry.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { ListArguments } from "../mixins/list-arguments.ts";
import type { Adds, TypesOf } from "../mixins/mixin-types.ts";
import type { PageOf } from "../mixins/paginated-model-list-mixin.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { CountSubscription } from "./count-subscription.ts";
import { ListSubscription } from "./list-subscription.ts";
import { LiveSession } from "./live-session.ts";
import { namesSubscription, subscriptionName } from "./subscription-name.ts";
import { prepareObserved } from "./prepare-observed.ts";
import { watchesRelations } from "./watches-relations.ts";

export interface SubscribeListArguments<
  Filters extends object = Readonly<Record<string, unknown>>,
  O extends string = string,
> extends ListArguments<Filters, O> {
  /** The position of the last event or snapshot that the client has of the same subscription. */
  readonly since?: string | null;
}

type SubscribeListArgumentsOf<B extends GenericConsumerClass> = SubscribeListArguments<
  TypesOf<B>["filters"],
  TypesOf<B>["ordering"]
>;

export interface ObserverListActions<B extends GenericConsumerClass> {
  /**
   * Answers what `list` answers to the same arguments (a page, where the resource has a `paginationClass`), 201, with its `position`; then
   * `create`, `update` and `delete` events follow under the same request id, each transaction's together. With `since` it answers null and what was
   * missed follows, or, when that cannot be told, a new snapshot with `reset: true`.
   */
  subscribeList(args: SubscribeListArgumentsOf<B>, context?: ActionContext): Promise<Reply<PageOf<B> | null>>;
  /** Ends the list subscription with the same request id; without an id, all of this consumer's. 204. */
  unsubscribeList(args?: MessageArguments, context?: ActionContext): Promise<Reply<null>>;
  /** Answers how many rows match, `{ count }`; an `update` event follows each time when that number has changed. */
  subscribeCount(args: SubscribeListArgumentsOf<B>, context?: ActionContext): Promise<Reply<{ readonly count: number } | null>>;
  /** Ends the count subscription with the same request id; without an id, all of this consumer's. 204. */
  unsubscribeCount(args?: MessageArguments, context?: ActionContext): Promise<Reply<null>>;
}

/** Adds `subscribe_list`, `unsubscribe_list`, `subscribe_count` and `unsubscribe_count`: lists that stay right. */
export function ObserverModelListMixin<B extends GenericConsumerClass>(Base: B): B & Adds<ObserverListActions<B>> {
  class ObserverModelList extends Base {
    static prepare(): Promise<void> {
      return prepareObserved(this);
    }

    async subscribeList(args: MessageArguments, context: ActionContext): Promise<Reply<PageOf<B> | null>> {
      const { requestId, action } = context;
      const request = { consumer: this, action, args, requestId, watchesRelations: watchesRelations(this) };
      const name = subscriptionName("list", requestId);
      return LiveSession.of(this).open(name, new ListSubscription(request), context, args["since"]);
    }

    async unsubscribeList(_args: MessageArguments, { requestId }: ActionContext): Promise<Reply<null>> {
      LiveSession.of(this).close((name) => namesSubscription(name, "list", requestId));
      return reply(null, 204);
    }

    async subscribeCount(args: MessageArguments, context: ActionContext): Promise<Reply<{ readonly count: number } | null>> {
      const { requestId, action } = context;
      const request = { consumer: this, action, args, requestId, watchesRelations: false };
      const name = subscriptionName("count", requestId);
      return LiveSession.of(this).open(name, new CountSubscription(request), context, args["since"]);
    }

    async unsubscribeCount(_args: MessageArguments, { requestId }: ActionContext): Promise<Reply<null>> {
      LiveSession.of(this).close((name) => namesSubscription(name, "count", requestId));
      return reply(null, 204);
    }

    override async refresh(): Promise<void> {
      await LiveSession.of(this).refresh();
    }
  }
  declareActions(ObserverModelList, {
    subscribeList: { subscribes: true, model: "subscribe_list" },
    unsubscribeList: { model: "unsubscribe" },
    subscribeCount: { subscribes: true, model: "subscribe_count" },
    unsubscribeCount: { model: "unsubscribe" },
  });
  return ObserverModelList;
}
