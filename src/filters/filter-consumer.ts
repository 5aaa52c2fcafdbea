import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { FilterSetClass } from "./filter-set.ts";
import type { FilterSerializerClass } from "./readable-paths.ts";

/** What a filter backend may know of the consumer that asks. */
export interface FilterConsumer {
  readonly scope: Scope;
  /** Read by `FilterSetBackend`: what may be filtered. */
  readonly filterSetClass?: FilterSetClass | null | undefined;
  /** Read by `SearchFilter`: the columns to search, such as `["username", "^email", "=id"]`. */
  readonly searchFields?: readonly string[] | undefined;
  /** Read by `OrderingFilter`: what a client may order by. Default: the serializer's readable fields that are columns. */
  readonly orderingFields?: readonly string[] | undefined;
  /** Read by `OrderingFilter`: the order when the client names none. Default: the queryset's own. */
  readonly ordering?: string | readonly string[] | undefined;
  /**
   * Columns that no answer shows but that may be filtered, searched and ordered by all the same: `["author__username"]`. Who may filter by a
   * column can find out its values by guessing. Default: none.
   */
  readonly guessableFields?: readonly string[] | undefined;
  getSerializerClass?(args: MessageArguments): FilterSerializerClass;
}
