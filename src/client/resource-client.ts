import type { CallOptions, WriteOptions } from "./call-options.ts";
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

/** What can be done with a resource: its actions, and its live data. `Actions` is what `ActionsOf` says of its consumer. */
export type ResourceClient<Actions> = {
  readonly [Name in Exclude<keyof Actions, Hidden>]: MemberCall<Name, Actions[Name]>;
} & LiveListOf<Actions> &
  LiveInstanceOf<Actions>;

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
  ? CallOf<WithOptions<Parameters<Action>>, ReturnType<Action>, FieldOf<Parameters<Action>[0]>>
  : never;

interface WithData {
  readonly data: unknown;
}

type FieldOf<Input> = Input extends object ? Extract<keyof Input, string> : never;

type WithOptions<Args extends unknown[]> = Args extends [infer Input]
  ? [input: Input, options?: CallOptions]
  : Args extends [(infer Input)?]
    ? [input?: Input, options?: CallOptions]
    : [input?: undefined, options?: CallOptions];

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
  live(args?: object): LiveList;
  liveInstance(lookup: Lookup): LiveInstance;
  liveCount(args?: object): LiveCount;
}
