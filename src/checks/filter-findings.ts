import { hasBackend } from "../contracts/filter-schemas.ts";
import { type BaseFilterSet } from "../filters/filter-set.ts";
import { FilterSetBackend } from "../filters/filter-set-backend.ts";
import { OrderingFilter } from "../filters/ordering-filter.ts";
import { ReadablePaths } from "../filters/readable-paths.ts";
import { SearchFilter } from "../filters/search-filter.ts";
import { FieldError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { CheckedResource } from "./checked-consumer.ts";
import type { Finding, FindingCode } from "./finding.ts";

/** Filters, search and ordering that name what there is not, that clients may not see, or that nothing applies. */
export function filterFindings(resource: CheckedResource): readonly Finding[] {
  const named = namedFields(resource);
  const unread = backendFindings(resource);
  const { model } = resource;
  if (model === null) return unread;
  const readable = readableOf(resource, model);
  const perField = named.map((field) => problemOf(field, model, readable));
  return [...unread, ...perField.filter((found) => found !== null)];
}

/** One name that a consumer's filters, search or ordering use. */
interface NamedField {
  readonly code: FindingCode;
  /** Where it stands: `orderingFields: "titel"`. */
  readonly written: string;
  /** As a lookup or an ordering key. */
  readonly path: string;
  resolve(model: AnyModel): unknown;
  /** Must the serializer show it? What the consumer orders by itself need not be shown. */
  readonly mustBeShown: boolean;
}

function namedFields({ consumer, model, serializer }: CheckedResource): NamedField[] {
  const named: NamedField[] = [];
  const { filterSetClass, searchFields, orderingFields = [], ordering = [] } = consumer;
  if (filterSetClass && hasBackend(consumer, FilterSetBackend)) named.push(...filterSetFields(new filterSetClass()));
  if (hasBackend(consumer, SearchFilter)) named.push(...searchFields.map(searchField));
  if (!hasBackend(consumer, OrderingFilter)) return named;
  const fields = serializer?.declaration.fields ?? {};
  const pathOf = (name: string): string => (fields[name]?.source ?? name).replaceAll(".", "__");
  named.push(
    ...orderingFields.map((name) =>
      orderingField(`orderingFields: "${name}"`, model?.columns.has(name) ? name : pathOf(name), true),
    ),
  );
  const own: readonly string[] = typeof ordering === "string" ? String(ordering).split(",") : ordering;
  named.push(...own.map((key) => orderingField(`ordering: "${key}"`, key.trim().replace(/^-/, ""), false)));
  return named;
}

function filterSetFields(filterSet: BaseFilterSet): NamedField[] {
  const owner = filterSet.constructor.name || "filterSetClass";
  return Object.entries(filterSet.fields).flatMap(([path, lookups = []]) =>
    lookups.map((lookup) => ({
      code: "unknown_filter_field",
      written: `${owner}.fields: "${path}" (${lookup})`,
      path,
      resolve: (model: AnyModel) => model.resolver.lookup(`${path}__${lookup}`),
      mustBeShown: true,
    })),
  );
}

function searchField(field: string): NamedField {
  const path = field.replace(/^[\^=]/, "");
  return {
    code: "unknown_search_field",
    written: `searchFields: "${field}"`,
    path,
    resolve: (model) => model.resolver.lookup(`${path}__icontains`),
    mustBeShown: true,
  };
}

function orderingField(written: string, path: string, mustBeShown: boolean): NamedField {
  return {
    code: "unknown_ordering_field",
    written,
    path,
    resolve: (model) => model.resolver.ordering(path),
    mustBeShown,
  };
}

function problemOf(field: NamedField, model: AnyModel, readable: ReadablePaths | null): Finding | null {
  const place = { level: "error", model: model.name, field: field.written } as const;
  try {
    field.resolve(model);
  } catch (error) {
    if (!(error instanceof FieldError) && !(error instanceof ImproperlyConfigured)) throw error;
    return {
      ...place,
      code: field.code,
      message: `${field.written}: ${error.message}`,
      fix: `Correct the name, or remove it. ${model.name} has: ${[...model.columns.keys()].join(", ")}.`,
    };
  }
  try {
    if (field.mustBeShown) readable?.demand(field.path, field.written);
    return null;
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured)) throw error;
    return {
      ...place,
      code: "hidden_field",
      message: `${field.written} is not shown by the serializer: clients could find out its values by guessing, so every list fails.`,
      fix: "Show it in the serializer, remove it here, or name it in guessableFields if clients may find out its values (never a write-only field).",
    };
  }
}

/** What the class's own serializer shows; null where only a request decides. */
function readableOf({ consumer, serializer, choosesSerializer }: CheckedResource, model: AnyModel): ReadablePaths | null {
  if (serializer === null || choosesSerializer) return null;
  try {
    const context = { scope: consumer.scope, consumer, args: {} };
    return new ReadablePaths(model, serializer, context, consumer.guessableFields);
  } catch {
    // getFields() of the application may want to know the user.
    return null;
  }
}

const STOCK = [FilterSetBackend, SearchFilter, OrderingFilter];

/** Options that no backend reads. One of the application may read what it likes. */
function backendFindings({ consumer }: CheckedResource): Finding[] {
  const isForeign = consumer.filterBackends.some((kind) => !STOCK.some((stock) => Object.is(kind, stock)));
  if (isForeign) return [];
  const { filterSetClass, searchFields, orderingFields, ordering } = consumer;
  const unread: Finding[] = [];
  if (filterSetClass && !hasBackend(consumer, FilterSetBackend)) unread.push(unreadOption("filterSetClass", "FilterSetBackend"));
  if (searchFields.length > 0 && !hasBackend(consumer, SearchFilter)) unread.push(unreadOption("searchFields", "SearchFilter"));
  if (hasBackend(consumer, OrderingFilter)) return unread;
  if (orderingFields !== undefined) unread.push(unreadOption("orderingFields", "OrderingFilter"));
  if (ordering !== undefined && ordering.length > 0) unread.push(unreadOption("ordering", "OrderingFilter"));
  return unread;
}

function unreadOption(option: string, backend: string): Finding {
  return {
    code: "missing_filter_backend",
    level: "error",
    field: option,
    message: `${option} is set, but filterBackends lacks ${backend}, which reads it: it has no effect.`,
    fix: `Add it: filterBackends: [${backend}].`,
  };
}
