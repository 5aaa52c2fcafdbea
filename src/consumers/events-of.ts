import type { ActionName } from "../protocol/action-name.ts";
import type { ConsumerClass } from "./connection.ts";

/** What a field of a consumer sends to those who have subscribed by it. For the type system only. */
export interface SendsEvents<Action extends string | null, Data> {
  /** An action of null: the name of the field in snake_case. */
  readonly "~sends"?: { readonly action: Action; readonly data: Data };
}

/** What a field sends: a `handle` of its own, of which `Handled` is what it returns, sends what it likes; without one (never) it is the body. */
export type SentBy<Handled, Body> = [Handled] extends [never] ? Body : unknown;

/**
 * The events that a consumer's observers send under the `request_id` that subscribed, as a union over `modelObserver` and `observer` fields; without any, and where
 * one has a `handle` of its own, the data is unknown.
 */
export type EventsOf<C extends ConsumerClass> = [ObserverEvents<InstanceType<C>>] extends [never]
  ? ConsumerEvent
  : ObserverEvents<InstanceType<C>>;

/** An event as it came. */
export interface ConsumerEvent<Action extends string = string, Data = unknown> {
  readonly action: Action;
  readonly data: Data;
}

type ObserverEvents<Consumer> = {
  [Name in Extract<keyof Consumer, string>]: "~sends" extends keyof Consumer[Name] ? EventOf<Consumer[Name], Name> : never;
}[Extract<keyof Consumer, string>];

type EventOf<Field, Name extends string> =
  Field extends SendsEvents<infer Action, infer Data>
    ? unknown extends Data
      ? ConsumerEvent
      : ConsumerEvent<Action extends string ? Action : ActionName<Name>, Data>
    : never;
