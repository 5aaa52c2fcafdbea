import { type AnyGenericConsumer, GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { BaseFilterBackend } from "../filters/base-filter-backend.ts";
import { clipName } from "../filters/describe-name.ts";
import { FilterSetBackend } from "../filters/filter-set-backend.ts";
import { OrderingFilter } from "../filters/ordering-filter.ts";
import { SearchFilter } from "../filters/search-filter.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";

/** One part of what a client asked a list for. */
export interface Narrowing {
  readonly kind: "filter" | "search";
  /** `email__icontains`, `ordering -id`, `search`, or the backend's class. */
  readonly name: string;
  /** Does it decide which rows there are? An order does not. */
  readonly selects: boolean;
  /** @throws ValidationError when it is not acceptable. */
  apply(queryset: AnyQuerySet): Promise<AnyQuerySet>;
}

const MAX_NARROWINGS = 50;

/** The filters, the search and the ordering that the arguments name, one by one, in the order of the consumer's backends. */
export function narrowingsOf(consumer: AnyGenericConsumer, args: MessageArguments): readonly Narrowing[] {
  if (consumer.filterQueryset !== GenericConsumer.prototype.filterQueryset) {
    const apply = async (queryset: AnyQuerySet): Promise<AnyQuerySet> => consumer.filterQueryset(queryset, args);
    return [{ kind: "filter", name: "filterQueryset", selects: true, apply }];
  }
  return consumer.filterBackends.flatMap((Backend) => ofBackend(new Backend(), consumer, args)).slice(0, MAX_NARROWINGS);
}

function ofBackend(backend: BaseFilterBackend, consumer: AnyGenericConsumer, args: MessageArguments): readonly Narrowing[] {
  const apply =
    (given: MessageArguments) =>
    async (queryset: AnyQuerySet): Promise<AnyQuerySet> =>
      backend.filterQueryset(queryset, given, consumer);
  if (backend instanceof FilterSetBackend) {
    return filtersIn(args).map(([name, filters]) => ({
      kind: "filter",
      name: clipName(name),
      selects: true,
      apply: apply({ ...args, filters }),
    }));
  }
  if (backend instanceof SearchFilter)
    return Object.hasOwn(args, "search") ? [{ kind: "search", name: "search", selects: true, apply: apply(args) }] : [];
  if (backend instanceof OrderingFilter) {
    return termsIn(args).map((ordering) => ({
      kind: "filter",
      name: clipName(`ordering ${String(ordering)}`),
      selects: false,
      apply: apply({ ...args, ordering }),
    }));
  }
  return [{ kind: "filter", name: backend.constructor.name, selects: true, apply: apply(args) }];
}

/** Each filter alone; what is no object of filters as it came. */
function filtersIn(args: MessageArguments): readonly (readonly [string, unknown])[] {
  const filters = Object.hasOwn(args, "filters") ? args["filters"] : undefined;
  if (filters === undefined || filters === null) return [];
  if (typeof filters !== "object" || Array.isArray(filters)) return [["filters", filters]];
  return Object.entries(filters).map(([name, value]) => [name, { [name]: value }]);
}

/** Each term alone; what is no ordering as it came. */
function termsIn(args: MessageArguments): readonly unknown[] {
  const ordering = Object.hasOwn(args, "ordering") ? args["ordering"] : undefined;
  if (ordering === undefined || ordering === null) return [];
  if (typeof ordering === "string") return ordering.split(",").map((term) => term.trim());
  return Array.isArray(ordering) && ordering.every((term) => typeof term === "string") ? ordering : [ordering];
}
