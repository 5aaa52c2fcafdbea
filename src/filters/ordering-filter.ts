import { FieldError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { BaseFilterBackend } from "./base-filter-backend.ts";
import type { FilterConsumer } from "./filter-consumer.ts";
import { parseOrdering } from "./parse-ordering.ts";
import { ReadablePaths } from "./readable-paths.ts";

/**
 * Orders a list as the client asks: `{"action": "list", "ordering": "-created,name"}`, or a list of such names.
 *
 * A client may order by the consumer's `orderingFields`; by default those are the serializer's readable fields that are columns. Any other
 * name is a 400 (DRF ignores it). Rows that are equal in what was asked for come in the order of their primary keys, so that pages are
 * stable. Without an ordering from the client the consumer's `ordering` holds, and without that the queryset's own.
 */
export class OrderingFilter extends BaseFilterBackend {
  override filterQueryset(queryset: AnyQuerySet, args: MessageArguments, consumer: FilterConsumer): AnyQuerySet {
    const asked = Object.hasOwn(args, "ordering") ? args["ordering"] : undefined;
    const keys = parseOrdering(asked, this.getOrderingFields(queryset, args, consumer));
    if (keys.length > 0) return queryset.orderByUntrusted(withTieBreaker(queryset, keys));
    const own = defaultOrdering(queryset.model, consumer);
    return own.length > 0 ? queryset.orderByUntrusted(own) : queryset;
  }

  /**
   * What this client may order by: its name for a field, and the queryset's.
   *
   * @throws ImproperlyConfigured when `orderingFields` names a field that the serializer does not show.
   */
  getOrderingFields(queryset: AnyQuerySet, args: MessageArguments, consumer: FilterConsumer): ReadonlyMap<string, string> {
    const { model } = queryset;
    const readable = ReadablePaths.of(model, consumer, args);
    const { orderingFields } = consumer;
    if (orderingFields === undefined)
      return new Map([...(readable?.columns() ?? [])].filter(([, path]) => canOrderBy(model, path)));
    const named = orderingFields.map((name): [string, string] => [name, readable?.pathOf(name) ?? name]);
    for (const [name, path] of named) demandOrder(model, path, `orderingFields: "${name}"`);
    return new Map(named.filter(([name, path]) => readable?.demand(path, `orderingFields: "${name}"`) ?? true));
  }
}

function canOrderBy(model: AnyModel, path: string): boolean {
  try {
    return model.resolver.ordering(path) !== undefined;
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}

function demandOrder(model: AnyModel, path: string, whitelist: string): void {
  if (canOrderBy(model, path)) return;
  throw new ImproperlyConfigured(
    `${whitelist}: expected a column of ${model.name} that can be ordered by. Remove it there, or correct the name.`,
  );
}

function defaultOrdering(model: AnyModel, { ordering = [] }: FilterConsumer): readonly string[] {
  const keys = typeof ordering === "string" ? ordering.split(",").map((term) => term.trim()) : ordering;
  for (const key of keys) demandOrder(model, key, `ordering: "${key}"`);
  return keys;
}

function withTieBreaker(queryset: AnyQuerySet, keys: readonly string[]): readonly string[] {
  const pk = queryset.model.pk.name;
  const isThere = keys.some((key) => ["pk", pk].includes(key.replace(/^-/, "")));
  return isThere ? keys : [...keys, pk];
}
