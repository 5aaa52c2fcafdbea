import type { ConsumerClass } from "./connection.ts";
import type { noReply, Reply } from "./reply.ts";

/**
 * The actions of a consumer, as a client calls them: what each takes and what it resolves to.
 *
 * `ActionsOf<typeof UserConsumer>["retrieve"]` is `(args: { pk: ... }) => Promise<{ id: number; ... }>`; a streaming action gives an
 * `AsyncGenerator`. Members that are no actions are not in it. An action with a `name` of its own is under that.
 */
export type ActionsOf<C extends ConsumerClass> = {
  [K in keyof InstanceType<C> as InstanceType<C>[K] extends ActionMember ? NameOf<InstanceType<C>[K], K> : never]: ClientCall<
    InstanceType<C>[K]
  > &
    Named<InstanceType<C>[K]>;
};

/** What is known of an action that is called by a name of its own, and not by that of its property in snake_case. For the type system only. */
export interface NamedAction<Name extends string> {
  readonly "~name"?: Name;
}

/** Of a name that only the running server knows no client can be told. */
type NameOf<M, Property> = [OwnName<M>] extends [never] ? Property : string extends OwnName<M> ? never : OwnName<M>;

type Named<M> = [OwnName<M>] extends [never] ? unknown : NamedAction<OwnName<M>>;

type OwnName<M> = M extends { readonly options: { readonly name?: infer Name extends string } } ? Name : never;

type ActionMember = (...args: never[]) => Promise<Reply<unknown>> | AsyncGenerator<unknown, unknown, void>;

type ClientCall<M> = M extends (...args: infer Args) => Promise<Reply<infer Data>>
  ? (...args: WithoutContext<Args>) => Promise<Data>
  : M extends (...args: infer Args) => AsyncGenerator<infer Item, infer Result, void>
    ? (...args: WithoutContext<Args>) => AsyncGenerator<Unwrapped<Item>, Unwrapped<Result>, void>
    : never;

/** The context is the server's; a client gives the input alone. */
type WithoutContext<Args extends unknown[]> = Args extends [infer Input, ...unknown[]]
  ? [input: Input]
  : Args extends [(infer Input)?, ...unknown[]]
    ? [input?: Input]
    : [];

type Unwrapped<T> = T extends Reply<infer Data> ? Data : T extends typeof noReply ? null : T;
