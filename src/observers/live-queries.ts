import { createHash } from "node:crypto";
import { describeWhere } from "../models/compile-select.ts";
import type { AnyModel } from "../models/model.ts";
import { compilePredicate } from "../models/predicate.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { conditionsOf } from "../models/where.ts";
import { AskedQuery } from "./asked-query.ts";
import { LiveHub } from "./live-hub.ts";
import type { EventSink, LiveQuery } from "./live-query.ts";
import { OrderedQuery } from "./ordered-query.ts";
import { PredicateQuery } from "./predicate-query.ts";
import { placesRows, RowOrder, totalOrdering } from "./row-order.ts";

interface Shared {
  readonly key: string;
  readonly query: LiveQuery;
}

const registries = new WeakMap<AnyModel, Map<string, Shared>>();

/** Makes `sink` hear of a queryset's rows. Equal querysets share one live query. @returns the query, and a function that ends it. */
export function watchQueryset(
  queryset: AnyQuerySet,
  watchesRelations: boolean,
  sink: EventSink,
): { readonly query: LiveQuery; readonly stop: () => void } {
  const model: AnyModel = queryset.model;
  const hub = LiveHub.of(model.database);
  const registry = registryOf(model);
  const key = queryKey(queryset, watchesRelations);
  const known = registry.get(key);
  const query = known?.query ?? makeQuery(queryset, watchesRelations);
  query.sinks.add(sink);
  if (known === undefined) {
    if (!(query instanceof AskedQuery)) registry.set(key, { key, query });
    hub.add(query);
  }
  const stop = (): void => {
    if (!query.sinks.delete(sink) || query.sinks.size > 0) return;
    if (registry.get(key)?.query === query) registry.delete(key);
    hub.remove(query);
  };
  return { query, stop };
}

function registryOf(model: AnyModel): Map<string, Shared> {
  const known = registries.get(model);
  if (known !== undefined) return known;
  const made = new Map<string, Shared>();
  registries.set(model, made);
  return made;
}

function makeQuery(queryset: AnyQuerySet, watchesRelations: boolean): LiveQuery {
  const { model, query } = queryset;
  const { where, limit, offset } = query;
  const order = placesRows(queryset) ? RowOrder.of(queryset) : undefined;
  const matches = compilePredicate(model, where);
  if (
    matches === null ||
    order === null ||
    !isLogged(
      model,
      conditionsOf(where).map(({ column }) => column),
      order?.columns ?? [],
    )
  ) {
    return AskedQuery.of(queryset, watchesRelations);
  }
  const definition = { model, where, watchesRelations };
  if (order === undefined) return new PredicateQuery(definition, matches);
  const window = { start: offset, end: limit === null ? Infinity : offset + limit };
  return new OrderedQuery({ ...definition, rows: { model, where, matches, order }, window });
}

function isLogged(model: AnyModel, ...columns: readonly (readonly string[])[]): boolean {
  const logged = model.database.changes.loggedColumns(model);
  return columns.flat().every((column) => logged.has(column));
}

/** What makes two querysets ask for the same rows in the same order. */
export function queryKey(queryset: AnyQuerySet, watchesRelations: boolean): string {
  const { model, query } = queryset;
  const params: unknown[] = [];
  const shape = query.where === null ? "" : describeWhere(model, query.where, params);
  const order = placesRows(queryset) ? totalOrdering(queryset).join(",") : "";
  return JSON.stringify([model.tableSql, shape, params.map(tagged), order, query.offset, query.limit, watchesRelations]);
}

function tagged(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  return `${typeof value} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
}

/** A short name for what a subscription sees: a position of one list is no position of another. */
export function fingerprint(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 10);
}
