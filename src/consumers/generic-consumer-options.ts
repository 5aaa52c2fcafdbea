import type { BaseFilterBackend } from "../filters/base-filter-backend.ts";
import type { BaseFilterSet } from "../filters/filter-set.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { PaginationClass as AnyPaginationClass } from "../pagination/base-pagination.ts";
import type { PermissionClass } from "../permissions/base-permission.ts";
import type { AnySerializer, SerializerClass } from "../serializers/base-serializer.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";

/** A pagination class, or none. */
export type PaginationClass = AnyPaginationClass | null;

/**
 * Filters of which nothing is known: those of a resource without a `filterSetClass`. Whether any is taken is only known at run time: a
 * `FilterSetBackend` answers 400 to all, but a backend of the application, or an overridden `getQueryset`, may read what it likes.
 */
export type UnknownFilters = Readonly<Record<string, unknown>>;

/** The names of the fields that answers hold: what `OrderingFilter` offers where there are no `orderingFields`. */
export type ReadableNames<S extends AnySerializer> = keyof S["types"]["out"] & string;

/**
 * What a resource is made of. All of it can be overridden as a class field or through the hook of the same name. A typed client knows of
 * the filters and the ordering that are given here, not of those in a class field.
 */
export interface GenericConsumerOptions<
  Q extends AnyQuerySet,
  S extends AnySerializer,
  P extends PaginationClass,
  F extends object = UnknownFilters,
  O extends string = string,
> {
  /** The rows that the resource holds; `getQueryset` narrows them per user. */
  readonly queryset?: Q;
  /** How rows are read and written; `getSerializerClass` chooses per request. */
  readonly serializerClass?: SerializerClass<S>;
  /** How lists are cut into pages. Default null: not at all. */
  readonly paginationClass?: P;
  readonly filterBackends?: readonly (new () => BaseFilterBackend)[];
  readonly filterSetClass?: new () => BaseFilterSet<F>;
  readonly searchFields?: readonly string[];
  readonly orderingFields?: readonly O[];
  readonly ordering?: readonly string[];
  /** Columns that no answer shows but that may be filtered, searched and ordered by all the same: their values can be guessed so. */
  readonly guessableFields?: readonly string[];
  /** The field by which one row is found. Default `"pk"`, the primary key. */
  readonly lookupField?: string;
  /** The argument that holds the lookup's value. Default: `lookupField`. */
  readonly lookupUrlKwarg?: string;
  readonly permissionClasses?: readonly PermissionClass[];
  readonly throttleClasses?: readonly (new () => BaseThrottle)[];
  readonly ordered?: boolean;
}
