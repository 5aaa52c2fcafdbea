import { FieldError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import { normalizeLookups } from "../models/normalize-lookups.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { Where } from "../models/where.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { BaseFilterBackend } from "./base-filter-backend.ts";
import type { FilterConsumer } from "./filter-consumer.ts";
import { ReadablePaths } from "./readable-paths.ts";
import { parseSearchTerms } from "./parse-search-terms.ts";

const PREFIXES: ReadonlyMap<string, string> = new Map([
  ["^", "istartswith"],
  ["=", "iexact"],
]);

/**
 * Narrows a list by the frame's `search`, a text of terms (see `parseSearchTerms`): every term must be found in one of the consumer's
 * `searchFields`. Those are text columns, or paths through relations: `"username"` is searched anywhere, `"^email"` from its start, `"=id"`
 * as a whole; case does not matter. A consumer without search fields ignores `search`, as DRF does.
 */
export class SearchFilter extends BaseFilterBackend {
  override filterQueryset(queryset: AnyQuerySet, args: MessageArguments, consumer: FilterConsumer): AnyQuerySet {
    const lookups = this.getSearchLookups(queryset, args, consumer);
    if (lookups.length === 0) return queryset;
    const terms = parseSearchTerms(Object.hasOwn(args, "search") ? args["search"] : undefined);
    return terms.reduce((narrowed, term) => narrowed.where(anyOf(queryset.model, lookups, term)), queryset);
  }

  /**
   * The lookups of which one must match: `username__icontains`.
   *
   * @throws ImproperlyConfigured when a search field cannot be searched, or is not shown by the serializer.
   */
  getSearchLookups(queryset: AnyQuerySet, args: MessageArguments, consumer: FilterConsumer): readonly string[] {
    const { searchFields = [] } = consumer;
    const readable = searchFields.length === 0 ? null : ReadablePaths.of(queryset.model, consumer, args);
    const shown = searchFields.filter((field) => readable?.demand(withoutPrefix(field), `searchFields: "${field}"`) ?? true);
    return shown.map((field) => lookupOf(queryset.model, field));
  }
}

function withoutPrefix(field: string): string {
  return PREFIXES.has(field.charAt(0)) ? field.slice(1) : field;
}

function lookupOf(model: AnyModel, field: string): string {
  const lookup = `${withoutPrefix(field)}__${PREFIXES.get(field.charAt(0)) ?? "icontains"}`;
  try {
    return model.resolver.lookup(lookup).canonical;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new ImproperlyConfigured(
      `searchFields of ${model.name}: expected text columns, got "${field}". Name a text column, with ^ or = before it if you like.`,
      {
        cause: error,
      },
    );
  }
}

function anyOf(model: AnyModel, lookups: readonly string[], term: string): Where {
  const children = lookups
    .map((lookup) => normalizeLookups(model.resolver, { [lookup]: term }))
    .filter((where) => where !== null);
  return { type: "or", children };
}
