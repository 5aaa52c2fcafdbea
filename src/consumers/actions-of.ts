import type { ConsumerClass } from "./connection.ts";
import type { noReply, Reply } from "./reply.ts";

/**
 * The actions of a consumer, as a client calls them: what each takes and what it resolves to.
 *
 * `ActionsOf<typeof UserConsumer>["retrieve"]` is `(args: { pk: ... }) => Promise<{ id: number; ... }>`; a streaming action gives an
 * `AsyncGenerator`. Members that are no actions are not in it.
 */
export type ActionsOf<C extends ConsumerClass> = {
  [K in keyof InstanceType<C> as InstanceType<C>[K] extends ActionMember ? K : never]: ClientCall<InstanceType<C>[K]>;
};

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
