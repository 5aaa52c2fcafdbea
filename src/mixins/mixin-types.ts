import type { RowOf } from "../models/queryset.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";

/** What a mixin adds to a class: its instances have `Members` too. */
// oxlint-disable-next-line typescript/no-explicit-any -- a mixin's constructor takes what its base takes
export type Adds<Members> = new (...args: any[]) => Members;

/** Queryset, serializer and pagination of a resource. */
export type TypesOf<B extends GenericConsumerClass> = InstanceType<B>["types"];

export type SerializerOf<B extends GenericConsumerClass> = TypesOf<B>["serializer"];

/** A row as the database holds it. */
export type RowTypeOf<B extends GenericConsumerClass> = RowOf<TypesOf<B>["queryset"]>;

/** A row as the client gets it. */
export type OutputOf<B extends GenericConsumerClass> = SerializerOf<B>["types"]["out"];

/** What a client sends to create or fully update a row. */
export type InputOf<B extends GenericConsumerClass> = SerializerOf<B>["types"]["in"];

/** How a client names one row. A consumer with another lookup field takes that key in its place. */
export interface LookupArguments {
  readonly pk?: number | string | bigint;
  readonly [argument: string]: unknown;
}
