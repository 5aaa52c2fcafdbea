import type { AnyModel } from "../models/model.ts";
import type { RowOf } from "../models/queryset.ts";
import type { RequestId } from "../protocol/request-id.ts";
import type { AnySerializer, SerializerClass } from "../serializers/base-serializer.ts";

/** What happened to a row, as far as one group is concerned: a row that moves to another group is deleted in the old one and created in the new. */
export type ModelAction = "create" | "update" | "delete";

/** A row as a queryset of the model gives it. Columns that the change log leaves out are undefined. */
export type ModelRow<M extends AnyModel> = RowOf<M["objects"]>;

/** What a handler knows of an event besides its message. */
export interface ObservedChange {
  readonly action: ModelAction;
  /** The requests that subscribed to the group; none where it was subscribed to without a `requestId`. */
  readonly subscribingRequestIds: readonly RequestId[];
  /** The group by which the event came; an event of several groups that the connection is in comes once for each. */
  readonly group: string;
  /** DCRF's name for the handler: `"comment.activity"` for `commentActivity`. */
  readonly messageType: string;
  /** Where the change stands in the change log. */
  readonly position: string;
  readonly observer: object;
}

/** What an event says when neither a serializer nor `serialize` is given. */
export interface PkMessage {
  readonly pk: unknown;
}

/** What `modelObserver` takes. Functions are called once per change, not once per connection: they must not look at the connection. */
export interface ModelObserverOptions<
  M extends AnyModel,
  S extends AnySerializer,
  Body,
  Args extends object,
  Handled extends void | Promise<void> = void | Promise<void>,
> {
  /** Shows the row through this serializer. A deleted row is shown as it was last. Default: `{ pk }`. */
  readonly serializerClass?: SerializerClass<S>;
  /** Makes the message; in place of `serializerClass`. */
  readonly serialize?: (row: ModelRow<M>, action: ModelAction) => Body | Promise<Body>;
  /** The groups that a row belongs to. With `groupsForConsumer` or not at all. Default: one group for all. */
  readonly groupsForSignal?: (row: ModelRow<M>) => Iterable<string>;
  /** The groups that a subscription listens to, by what `subscribe` is given. */
  readonly groupsForConsumer?: (args: Args) => Iterable<string>;
  /** What a connection does with an event. Default: a reply for each subscribing request, with the action, the message and the position. */
  readonly handle?: (message: Body, change: ObservedChange) => Handled;
  /** Is a change of the row's many-to-many relations an `update`? Default false. */
  readonly manyToMany?: boolean;
  /** Called when changes happened that the change log cannot tell (TRUNCATE, a load without triggers). Default: it is logged. */
  readonly onLost?: () => void | Promise<void>;
}
