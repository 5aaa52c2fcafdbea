import type { AnyModel } from "../models/model.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { AnySerializer } from "../serializers/base-serializer.ts";
import { BoundModelObserver } from "./bound-model-observer.ts";
import type { ModelObserverOptions, PkMessage } from "./model-observer-options.ts";

type SerializerOptions<M extends AnyModel, S extends AnySerializer, Args extends object> = Omit<
  ModelObserverOptions<M, S, S["types"]["out"], Args>,
  "serialize" | "serializerClass"
> & { readonly serializerClass: NonNullable<ModelObserverOptions<M, S, unknown, Args>["serializerClass"]> };

type SerializeOptions<M extends AnyModel, Body, Args extends object> = Omit<
  ModelObserverOptions<M, never, Body, Args>,
  "serialize" | "serializerClass"
> & { readonly serialize: NonNullable<ModelObserverOptions<M, never, Body, Args>["serialize"]> };

type PlainOptions<M extends AnyModel, Args extends object> = Omit<
  ModelObserverOptions<M, never, PkMessage, Args>,
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
export function modelObserver<M extends AnyModel, S extends AnySerializer, Args extends object = object>(
  model: M,
  options: SerializerOptions<M, S, Args>,
): BoundModelObserver<S["types"]["out"], Args>;
export function modelObserver<M extends AnyModel, Body, Args extends object = object>(
  model: M,
  options: SerializeOptions<M, Body, Args>,
): BoundModelObserver<Body, Args>;
export function modelObserver<M extends AnyModel, Args extends object = object>(
  model: M,
  options?: PlainOptions<M, Args>,
): BoundModelObserver<PkMessage, Args>;
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
