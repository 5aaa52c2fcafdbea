import type { ConsumerEvent } from "../consumers/events-of.ts";
import type { ActionName } from "../protocol/action-name.ts";
import type { CallOptions, WriteOptions } from "./call-options.ts";
import type { Events, EventsOptions } from "./events.ts";
import type { LiveCount } from "./live-count.ts";
import type { LiveInstance } from "./live-instance.ts";
import type { LiveList } from "./live-list.ts";

type Key = string | number | bigint;

/** Which row: its primary key; for a resource with another lookup field that field and its value, `{ slug: "x" }`. */
export type Lookup = Key | { readonly [lookupField: string]: Key };

/** A call of an action. For `isAPIError` it also knows the fields of which its errors may tell. */
export type CallOf<Args extends unknown[], Result, Fields extends string = never> = ((...args: Args) => Result) & {
  /** Exists for the type checker alone. */
  readonly "~fields"?: Fields;
};

type AnyCall = (...args: never[]) => unknown;

/** Served by `live`, `liveInstance` and `liveCount`, or of no use to a client that cancels by itself. */
type Hidden =
  | "subscribeList"
  | "unsubscribeList"
  | "subscribeCount"
  | "unsubscribeCount"
  | "subscribeInstance"
  | "unsubscribeInstance"
  | "listCancel";

/** Names that JavaScript and its tools ask of any object. What is called so cannot be a member of a client. */
export type Unreachable =
  | "then"
  | "toJSON"
  | "constructor"
  | "toString"
  | "toLocaleString"
  | "valueOf"
  | "hasOwnProperty"
  | "isPrototypeOf"
  | "propertyIsEnumerable";

/** What can be done with a resource: its actions, its live data, its events. `Actions` is what `ActionsOf` says of its consumer, `Event` what `EventsOf` does. */
export type ResourceClient<Actions, Event = ConsumerEvent> = {
  readonly [Name in Exclude<keyof Actions, Hidden | OwnMember | Unreachable> as MemberName<Name, Actions[Name]>]: MemberCall<
    Name,
    Actions[Name]
  >;
} & LiveListOf<Actions> &
  LiveInstanceOf<Actions> &
  ByWireName<WireActions<Actions>, Event>;

/** What a resource has besides its actions. */
type OwnMember = "call" | "events" | "live" | "liveInstance" | "liveCount";

/** A member is called by its name in snake_case. Where that is not the action's own name, only `call` has it. */
type MemberName<Name, Action> = "~name" extends keyof Action ? (Name extends Lowercase<string & Name> ? Name : never) : Name;

type WireActions<Actions> = {
  [
    Name in Exclude<Extract<keyof Actions, string>, Hidden> as "~name" extends keyof Actions[Name] ? Name : ActionName<Name>
  ]: Actions[Name];
};

type InputOf<Action> = Action extends (...args: infer Args) => unknown ? Args : [];

type ResultOf<Action> = Action extends (...args: never[]) => infer Result ? Result : never;

/** What is reached by names on the wire. */
interface ByWireName<Actions, Event> {
  /**
   * Calls any action, whatever it is called: by its name on the wire, with the arguments as they are sent. For names that are no members of the
   * resource, as `live` or `then`: `client.tasks.call("live", { ... })`.
   */
  call<Name extends keyof Actions>(
    action: Name,
    ...input: WithOptions<InputOf<Actions[Name]>, CallOptions>
  ): ResultOf<Actions[Name]>;
  /**
   * Events that come under the request of an action that subscribes: those of `modelObserver`, `observer`, groups. Nothing is sent before somebody listens;
   * who listens has a subscription of their own, which is made again on each new connection.
   *
   * ```ts
   * for await (const item of client.authors.events("follow", { author: 7 }, { unsubscribe: "unfollow" })) {
   *   if (item.kind === "event") show(item.action, item.data);
   *   else if (item.kind === "missed") await reload();
   * }
   * ```
   *
   * @param subscribe the action's name on the wire.
   */
  events<Name extends keyof Actions>(
    subscribe: Name,
    ...input: WithOptions<InputOf<Actions[Name]>, EventsOptions<Extract<keyof Actions, string>>>
  ): Events<Event, Awaited<ResultOf<Actions[Name]>>>;
}

type MemberCall<Name, Action> = Name extends "list"
  ? ListCall<Action>
  : Name extends "retrieve"
    ? RetrieveCall<Action>
    : Name extends "create"
      ? CreateCall<Action>
      : Name extends "update" | "patch"
        ? ChangeCall<Action>
        : Name extends "delete"
          ? CallOf<[lookup: Lookup, options?: WriteOptions], Promise<null>>
          : CustomCall<Action>;

type ListCall<Action> = Action extends (args?: infer Args) => infer Result
  ? CallOf<[args?: Known<Args>, options?: CallOptions], Result>
  : never;

type RetrieveCall<Action> = Action extends (...args: never[]) => infer Result
  ? CallOf<[lookup: Lookup, options?: CallOptions], Result>
  : never;

type CreateCall<Action> = Action extends (args: infer Args extends WithData) => infer Result
  ? CallOf<[data: Args["data"], options?: WriteOptions<Awaited<Result>>], Result, FieldOf<Args["data"]>>
  : never;

type ChangeCall<Action> = Action extends (args: infer Args extends WithData) => infer Result
  ? CallOf<[lookup: Lookup, data: Args["data"], options?: WriteOptions<Awaited<Result>>], Result, FieldOf<Args["data"]>>
  : never;

type CustomCall<Action> = Action extends AnyCall
  ? CallOf<WithOptions<Parameters<Action>, CallOptions>, ReturnType<Action>, FieldOf<Parameters<Action>[0]>>
  : never;

interface WithData {
  readonly data: unknown;
}

type FieldOf<Input> = Input extends object ? Extract<keyof Input, string> : never;

type WithOptions<Args extends unknown[], Options> = Args extends [infer Input]
  ? Record<never, never> extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options]
  : Args extends [(infer Input)?]
    ? [input?: Input, options?: Options]
    : [input?: undefined, options?: Options];

/** Without the index signature that lets a server's hooks look at other arguments: a client's mistake is to be found. */
type Known<Args> = { readonly [Name in keyof Args as string extends Name ? never : Name]: Args[Name] };

type LiveListOf<Actions> = Actions extends { readonly subscribeList: (args: infer Args) => Promise<infer Content> }
  ? {
      /** The list as `list` gives it, kept as the server has it while somebody listens. Equal arguments give the same object. */
      live(args?: LiveArguments<Args>): LiveList<ItemOf<NonNullable<Content>>>;
      /** How many rows there are, kept right. */
      liveCount(args?: Pick<LiveArguments<Args>, CountArgument<Args>>): LiveCount;
    }
  : unknown;

type LiveArguments<Args> = Omit<Known<Args>, "since">;

type CountArgument<Args> = Extract<"filters" | "search", keyof LiveArguments<Args>>;

type ItemOf<Content> = Content extends readonly (infer Item)[]
  ? Item
  : Content extends { readonly results: readonly (infer Item)[] }
    ? Item
    : never;

type LiveInstanceOf<Actions> = Actions extends { readonly subscribeInstance: (args: never) => Promise<infer Row> }
  ? {
      /** One row, kept as the server has it while somebody listens; null when it is gone. */
      liveInstance(lookup: Lookup): LiveInstance<NonNullable<Row>>;
    }
  : unknown;

/** A resource of which nothing is known: what it answers is whatever the server says. */
export interface UntypedResource {
  // oxlint-disable-next-line typescript/no-explicit-any -- nothing is known of what is called, or of what it answers
  readonly [action: string]: (...args: any[]) => any;
  events(subscribe: string, args?: object, options?: EventsOptions): Events;
  live(args?: object): LiveList;
  liveInstance(lookup: Lookup): LiveInstance;
  liveCount(args?: object): LiveCount;
}
