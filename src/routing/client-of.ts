import type { ActionsOf } from "../consumers/actions-of.ts";
import type { ConsumerClass } from "../consumers/connection.ts";
import type { EventsOf } from "../consumers/events-of.ts";
import type { MultiplexerClass } from "./multiplexer.ts";
import type { Route, Routes } from "./route.ts";

/** Every consumer class that a routing table leads to, nested tables included. */
export type ConsumersOf<R extends Routes> = TargetsOf<R[number]>;

/** Tables in tables, six deep: a bound, so that the compiler can also answer for a table that it does not know yet. */
type TargetsOf<R, Depth extends readonly unknown[] = []> = Depth["length"] extends 6
  ? never
  : R extends Route<string | RegExp, infer Target>
    ? Target extends readonly Route[]
      ? TargetsOf<Target[number], [...Depth, Target]>
      : Target
    : never;

type ActionsOfTarget<C> =
  C extends MultiplexerClass<infer Streams>
    ? { [Name in keyof Streams]: ActionsOf<Streams[Name]> }
    : C extends ConsumerClass
      ? ActionsOf<C>
      : never;

/**
 * What a client can call through a routing table: the actions of its consumer, or for a multiplexed route those of each stream by name.
 * `ClientOf<typeof routes>["users"]["retrieve"]` is the type of that action, input and output.
 */
export type ClientOf<R extends Routes> = ActionsOfTarget<ConsumersOf<R>>;

type EventsOfTarget<C> =
  C extends MultiplexerClass<infer Streams>
    ? { [Name in keyof Streams]: EventsOf<Streams[Name]> }
    : C extends ConsumerClass
      ? EventsOf<C>
      : never;

/** The events that a client may get through a routing table: those of its consumer, or for a multiplexed route those of each stream by name. */
export type ClientEventsOf<R extends Routes> = EventsOfTarget<ConsumersOf<R>>;
