import type { RequestId } from "../protocol/request-id.ts";

/** What an observer's `subscribe` and `unsubscribe` are given: the arguments of `groupsForConsumer`, and the request that they are for. */
export type SubscribeOptions<Args extends object> = Args & { readonly requestId?: RequestId | undefined };

/** May be left out where `groupsForConsumer` needs nothing. */
export type GivenOptions<Args extends object> = object extends Args
  ? [options?: SubscribeOptions<Args>]
  : [options: SubscribeOptions<Args>];
