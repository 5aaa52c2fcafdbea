import type { RowOf } from "../models/queryset.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import type { KeyOf } from "../serializers/key-of.ts";
import type { ListArguments } from "./list-arguments.ts";

/** What a mixin adds to a class: its instances have `Members` too. */
// oxlint-disable-next-line typescript/no-explicit-any -- a mixin's constructor takes what its base takes
export type Adds<Members> = new (...args: any[]) => Members;

/** Queryset, serializer, pagination, filters and ordering of a resource. */
export type TypesOf<B extends GenericConsumerClass> = InstanceType<B>["types"];

export type SerializerOf<B extends GenericConsumerClass> = TypesOf<B>["serializer"];

/** A row as the database holds it. */
export type RowTypeOf<B extends GenericConsumerClass> = RowOf<TypesOf<B>["queryset"]>;

/** A row as the client gets it. */
export type OutputOf<B extends GenericConsumerClass> = SerializerOf<B>["types"]["out"];

/** What a client sends to create or fully update a row. */
export type InputOf<B extends GenericConsumerClass> = SerializerOf<B>["types"]["in"];

/** What names a row whose key is `K`: a text for a key that is a text; a number's digits name it too. */
type PkArgument<K> = [K] extends [string] ? string : number | string | bigint;

/** How a client names one row. A consumer with another lookup field takes that key in its place. */
export interface LookupArguments<Pk = number | string | bigint> {
  readonly pk?: Pk;
  readonly [argument: string]: unknown;
}

/** What names a row of a resource. */
export type PkOf<B extends GenericConsumerClass> = PkArgument<KeyOf<TypesOf<B>["queryset"], OutputOf<B>>>;

/** How a client names one row of a resource. */
export type LookupArgumentsOf<B extends GenericConsumerClass> = LookupArguments<PkOf<B>>;

/** What a resource's list can be asked for. */
export type ListArgumentsOf<B extends GenericConsumerClass> = ListArguments<TypesOf<B>["filters"], TypesOf<B>["ordering"]>;
