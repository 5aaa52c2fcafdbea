import { hasBackend } from "../contracts/filter-schemas.ts";
import { FilterSetBackend } from "../filters/filter-set-backend.ts";
import { OrderingFilter } from "../filters/ordering-filter.ts";
import { SearchFilter } from "../filters/search-filter.ts";
import type { IndexUse, SuggestedIndex } from "../models/catalog.ts";
import { FieldError } from "../models/errors.ts";
import type { ModelColumn } from "../models/model-column.ts";
import type { AnyModel } from "../models/model.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { TEXT_LOOKUPS } from "../models/where.ts";
import type { CheckedResource } from "./checked-consumer.ts";
import { sampleValue } from "./sample-value.ts";

/** Something that clients may ask for and that an index may serve. */
export interface IndexedUse {
  readonly model: AnyModel;
  /** Where it stands: `orderingFields: "title"`. */
  readonly written: string;
  readonly use: IndexUse | "text";
  /** A list as a client would ask for it; null where it is known that no index serves. */
  readonly queryset: AnyQuerySet | null;
  /** Null: no index can help. */
  readonly suggestion: SuggestedIndex | null;
}

/**
 * What clients of a resource may find and order rows by, on its own columns. What follows relations is left out: how that is best indexed is for
 * the one who knows the data. Of a boolean no index helps much.
 */
export function indexedUses(resource: CheckedResource): readonly IndexedUse[] {
  const { model } = resource;
  if (model === null) return [];
  return [
    ...lookupUses(resource, model),
    ...filterUses(resource, model),
    ...searchUses(resource, model),
    ...orderingUses(resource, model),
  ];
}

function lookupUses({ consumer: { lookupField } }: CheckedResource, model: AnyModel): readonly IndexedUse[] {
  if (lookupField === "pk") return [];
  return filterUse(model, lookupField, "exact", `lookupField: "${lookupField}"`);
}

function filterUses({ consumer }: CheckedResource, model: AnyModel): readonly IndexedUse[] {
  const { filterSetClass } = consumer;
  if (!filterSetClass || !hasBackend(consumer, FilterSetBackend)) return [];
  const filterSet = new filterSetClass();
  const owner = filterSet.constructor.name || "filterSetClass";
  return Object.entries(filterSet.fields).flatMap(([path, lookups = []]) =>
    lookups.flatMap((lookup) => filterUse(model, path, lookup, `${owner}.fields: "${path}" (${lookup})`)),
  );
}

function searchUses({ consumer }: CheckedResource, model: AnyModel): readonly IndexedUse[] {
  if (!hasBackend(consumer, SearchFilter) || consumer.searchFields.length === 0) return [];
  const names = consumer.searchFields.map((field) => `"${field}"`).join(", ");
  return [{ model, written: `searchFields: ${names}`, use: "text", queryset: null, suggestion: null }];
}

function orderingUses({ consumer }: CheckedResource, model: AnyModel): readonly IndexedUse[] {
  if (!hasBackend(consumer, OrderingFilter)) return [];
  const { orderingFields = [], ordering = [] } = consumer;
  const own: readonly string[] = typeof ordering === "string" ? String(ordering).split(",") : ordering;
  const [first] = own;
  const keys = orderingFields.map((name): [string, string] => [name, `orderingFields: "${name}"`]);
  if (first !== undefined) keys.push([first.trim().replace(/^-/, ""), `ordering: "${first.trim()}"`]);
  return keys.flatMap(([name, written]) => orderingUse(model, name, written));
}

function filterUse(model: AnyModel, path: string, lookup: string, written: string): IndexedUse[] {
  const column = ownColumn(() => model.resolver.lookup(`${path}__${lookup}`));
  if (column === null || column.kind === "boolean" || column.kind === "json") return [];
  if (lookup === "isnull" && !column.nullable) return [];
  if (IS_TEXT.has(lookup))
    return [{ model, written, use: "text", queryset: queryOf(model, path, lookup, column), suggestion: null }];
  const use = USES.get(lookup) ?? "comparison";
  const queryset = queryOf(model, path, lookup, column);
  const suggestion = model.database.catalog.suggestIndex(model, column, use);
  return queryset === null || suggestion === null ? [] : [{ model, written, use, queryset, suggestion }];
}

const IS_TEXT: ReadonlySet<string> = TEXT_LOOKUPS;

const USES: ReadonlyMap<string, IndexUse> = new Map([
  ["exact", "equality"],
  ["isnull", "equality"],
  ["in", "membership"],
]);

function orderingUse(model: AnyModel, name: string, written: string): IndexedUse[] {
  const column = ownColumn(() => model.resolver.ordering(name));
  const suggestion = column === null ? null : model.database.catalog.suggestIndex(model, column, "ordering");
  if (column === null || suggestion === null) return [];
  const keys = column.primaryKey ? [column.name] : [column.name, model.pk.name];
  return [{ model, written, use: "ordering", queryset: model.objects.orderByUntrusted(keys).slice(0, 10), suggestion }];
}

/** Null for what follows a relation, and for names that there are not: those are findings of their own. */
function ownColumn(resolve: () => { readonly column: ModelColumn; readonly steps: readonly unknown[] }): ModelColumn | null {
  try {
    const { column, steps } = resolve();
    return steps.length === 0 ? column : null;
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

function queryOf(model: AnyModel, path: string, lookup: string, column: ModelColumn): AnyQuerySet | null {
  try {
    return model.objects.orderBy().filterUntrusted({ [`${path}__${lookup}`]: sampleValue(column, lookup) });
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}
