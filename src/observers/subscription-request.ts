import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** Who subscribes to what, by which request. */
export interface SubscriptionRequest {
  readonly consumer: AnyGenericConsumer;
  /** The action that subscribed. */
  readonly action: string;
  readonly args: MessageArguments;
  readonly requestId: RequestId;
  /** Is a change of a row's many-to-many relations an update of the row? */
  readonly watchesRelations: boolean;
}
