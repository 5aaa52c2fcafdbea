import { allowedLookups, FilterSetBackend, MAX_FILTER_VALUES } from "../filters/filter-set-backend.ts";
import { OrderingFilter } from "../filters/ordering-filter.ts";
import { SearchFilter } from "../filters/search-filter.ts";
import { ReadablePaths } from "../filters/readable-paths.ts";
import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { FieldError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import { TEXT_LOOKUPS } from "../models/where.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { Field } from "../serializers/fields/field.ts";
import { nullable } from "./nullable.ts";
import { schemaOfColumn } from "./schema-of-column.ts";
import { schemaOfStandard } from "./schema-of-standard.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

/** Whose filters are described. */
export interface FilterPlace {
  readonly consumer: AnyGenericConsumer;
  readonly model: AnyModel;
  /** The fields that answers hold. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Arguments of a request: then only what this user can read is listed. Null: what the class allows. */
  readonly args: MessageArguments | null;
  readonly schemas: SchemaRegistry;
}

/** Does a consumer list this backend, or one that extends it? */
export function hasBackend({ filterBackends }: AnyGenericConsumer, backend: { readonly prototype: object }): boolean {
  return filterBackends.some((kind) => kind.prototype === backend.prototype || isPrototypeOf(backend.prototype, kind.prototype));
}

function isPrototypeOf(ancestor: object, value: object): boolean {
  return Object.prototype.isPrototypeOf.call(ancestor, value);
}

/** What may be sent under `filters`, by name; null where there is no `FilterSetBackend`. */
export function filterSchemas(place: FilterPlace): Readonly<Record<string, JsonSchema>> | null {
  const { consumer, model, args, schemas } = place;
  if (!hasBackend(consumer, FilterSetBackend)) return null;
  if (!consumer.filterSetClass) return {};
  const filterSet = new consumer.filterSetClass();
  const readable = args === null ? null : ReadablePaths.of(model, consumer, args);
  const lookups = [...allowedLookups(filterSet, readable)].map(([name, lookup]) => [name, lookupSchema(model, lookup)]);
  const methods = Object.entries(filterSet.methods).map(([name, { schema }]) => [
    name,
    schema === undefined ? {} : schemaOfStandard(schema, { name: `${model.name}.${name}.filter`, side: "input", schemas }),
  ]);
  return Object.fromEntries([...lookups, ...methods]);
}

function lookupSchema(model: AnyModel, name: string): JsonSchema {
  const { column, lookup, steps } = model.resolver.lookup(name);
  const value = schemaOfColumn(column);
  const isEquality = lookup === "exact" || lookup === "iexact";
  if (lookup === "isnull") return { type: "boolean" };
  if (lookup === "in") return { type: "array", items: value, maxItems: MAX_FILTER_VALUES };
  if (lookup === "range") return { type: "array", items: value, minItems: 2, maxItems: 2 };
  const single = TEXT_LOOKUPS.has(lookup) ? { type: "string" } : value;
  return isEquality && (column.nullable || steps.length > 0) ? nullable(single) : single;
}

/** The names that a list can be ordered by; null where there is no `OrderingFilter`. */
export function orderingNames({ consumer, model, fields, args }: FilterPlace): readonly string[] | null {
  if (!hasBackend(consumer, OrderingFilter)) return null;
  if (args !== null) return [...new OrderingFilter().getOrderingFields(model.objects, args, consumer).keys()];
  if (consumer.orderingFields !== undefined) return consumer.orderingFields;
  return Object.entries(fields).flatMap(([name, field]) =>
    !field.writeOnly && isOrderable(model, field.source ?? name) ? [name] : [],
  );
}

/** Own columns only, as `OrderingFilter` offers them by itself. */
function isOrderable(model: AnyModel, source: string): boolean {
  try {
    return !source.includes(".") && model.resolver.ordering(source) !== undefined;
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}

/** Does a list take `search`? */
export function isSearchable(consumer: AnyGenericConsumer): boolean {
  return hasBackend(consumer, SearchFilter) && consumer.searchFields.length > 0;
}
