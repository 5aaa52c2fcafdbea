import type { SentBy } from "../consumers/events-of.ts";
import type { AnyModel } from "../models/model.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { AnySerializer } from "../serializers/base-serializer.ts";
import { BoundModelObserver } from "./bound-model-observer.ts";
import type { ModelObserverOptions, PkMessage } from "./model-observer-options.ts";

type SerializerOptions<
  M extends AnyModel,
  S extends AnySerializer,
  Args extends object,
  Handled extends void | Promise<void>,
> = Omit<ModelObserverOptions<M, S, S["types"]["out"], Args, Handled>, "serialize" | "serializerClass"> & {
  readonly serializerClass: NonNullable<ModelObserverOptions<M, S, unknown, Args, Handled>["serializerClass"]>;
};

type SerializeOptions<M extends AnyModel, Body, Args extends object, Handled extends void | Promise<void>> = Omit<
  ModelObserverOptions<M, never, Body, Args, Handled>,
  "serialize" | "serializerClass"
> & { readonly serialize: NonNullable<ModelObserverOptions<M, never, Body, Args, Handled>["serialize"]> };

type PlainOptions<M extends AnyModel, Args extends object, Handled extends void | Promise<void>> = Omit<
  ModelObserverOptions<M, never, PkMessage, Args, Handled>,
  "serialize" | "serializerClass"
>;

/**
 * Observes a model's committed changes, whoever makes them, as a class field of a consumer:
 *
 * ```ts
 * class CommentConsumer extends GenericAsyncAPIConsumer({ ... }) {
 *   commentActivity = modelObserver(Comment, {
 *     serializerClass: CommentSerializer,
 *     groupsForSignal: (comment) => [`user-${comment.userId}`],
 *     groupsForConsumer: ({ userId }: { userId: number }) => [`user-${userId}`],
 *   });
 *
 *   subscribe = action({ input: z.object({ userId: z.number() }) }, async ({ userId }, { requestId }) => {
 *     await this.commentActivity.subscribe({ userId, requestId });
 *     return reply(null, 201);
 *   });
 * }
 * ```
 *
 * Each event is judged by the consumer's permissions, with `create`, `update` or `delete` as action: what is refused is not delivered. Whoever
 * listens to a group gets every row of it: a row that may not be seen by all must not share a group with those who may not. For rows per user
 * use `ObserverModelListMixin`, which applies `getQueryset`.
 *
 * @throws ImproperlyConfigured when only one of `groupsForSignal` and `groupsForConsumer` is given: no event would ever arrive.
 */
export function modelObserver<
  M extends AnyModel,
  S extends AnySerializer,
  Args extends object = object,
  Handled extends void | Promise<void> = never,
>(
  model: M,
  options: SerializerOptions<M, S, Args, Handled>,
): BoundModelObserver<S["types"]["out"], Args, SentBy<Handled, S["types"]["out"]>>;
export function modelObserver<
  M extends AnyModel,
  Body,
  Args extends object = object,
  Handled extends void | Promise<void> = never,
>(model: M, options: SerializeOptions<M, Body, Args, Handled>): BoundModelObserver<Body, Args, SentBy<Handled, Body>>;
export function modelObserver<M extends AnyModel, Args extends object = object, Handled extends void | Promise<void> = never>(
  model: M,
  options?: PlainOptions<M, Args, Handled>,
): BoundModelObserver<PkMessage, Args, SentBy<Handled, PkMessage>>;
export function modelObserver(
  model: AnyModel,
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the overloads were given
  options: ModelObserverOptions<AnyModel, AnySerializer, any, any> = {},
): unknown {
  const { groupsForSignal, groupsForConsumer, serializerClass, serialize, manyToMany = false, handle, onLost } = options;
  if ((groupsForSignal === undefined) !== (groupsForConsumer === undefined)) {
    throw new ImproperlyConfigured(
      "modelObserver(Model, { ... }): expected groupsForSignal and groupsForConsumer together, got one of them: no event would ever arrive.",
    );
  }
  return new BoundModelObserver(
    { model, serializerClass, serialize, groupsForSignal: groupsForSignal ?? oneGroup, manyToMany },
    { groupsForConsumer: groupsForConsumer ?? oneGroup, handle, onLost },
  );
}

function oneGroup(): readonly string[] {
  return ["all"];
}
