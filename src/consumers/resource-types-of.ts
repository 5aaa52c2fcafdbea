import type { KeyOf } from "../serializers/key-of.ts";
import type { ConsumerClass } from "./connection.ts";

/** What a resource declares of itself, for the type system only. */
interface Declared {
  readonly queryset: unknown;
  readonly serializer: { readonly types: { out: unknown; in: unknown; partial: unknown } };
  readonly filters: unknown;
  readonly ordering: unknown;
}

/** The types of a resource as its clients see it: what {@link ResourceTypesOf} gives. */
export interface ResourceTypes<D extends Declared> {
  /** A row in an answer. */
  readonly out: D["serializer"]["types"]["out"];
  /** The `data` of `create` and `update`. */
  readonly in: D["serializer"]["types"]["in"];
  /** The `data` of `patch`. */
  readonly patch: D["serializer"]["types"]["partial"];
  /** What `filters` of a list take. */
  readonly filters: D["filters"];
  /** The names of the fields that a list can be ordered by, without a minus. */
  readonly ordering: D["ordering"];
  /** The primary key of a row. */
  readonly lookup: KeyOf<D["queryset"], D["serializer"]["types"]["out"]>;
}

/**
 * The types of a resource, for a client that keeps rows: a cache, a form, a table. Never for a consumer that is no resource.
 *
 * `ResourceTypesOf<typeof UserConsumer>["out"]` is `{ id: number; username: string }`, `["lookup"]` the type of its `id`.
 */
export type ResourceTypesOf<C extends ConsumerClass> =
  InstanceType<C> extends { readonly types: infer D extends Declared } ? ResourceTypes<D> : never;
