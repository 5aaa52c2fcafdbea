import type { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../../consumers/generic-async-api-consumer.ts";
import type { FilterBackendClass } from "../../filters/base-filter-backend.ts";
import type { BaseFilterSet } from "../../filters/filter-set.ts";
import { FilterSetBackend } from "../../filters/filter-set-backend.ts";
import type { MessageArguments } from "../../protocol/arguments.ts";
import { lookupValue, methodValue } from "./filter-value.ts";

/** What a query string cannot set: it is said elsewhere in a request. */
const RESERVED: ReadonlySet<string> = new Set(["action", "request_id", "data", "filters", "idempotency_key"]);

/**
 * The arguments that a query string stands for: the filters of the resource under `filters`, with values of their columns' types; everything else
 * under its own name, as text, or as a list of texts where it is repeated.
 */
export async function queryArguments(consumer: AsyncAPIConsumer, query: URLSearchParams): Promise<MessageArguments> {
  const reader = FilterReader.of(consumer);
  const filters = new Map<string, unknown>();
  const others = new Map<string, unknown>();
  for (const name of new Set(query.keys())) {
    const texts = query.getAll(name);
    if (reader?.knows(name) === true) {
      // A form sends its empty fields too: they ask for nothing, as in django-filter.
      const given = texts.filter((text) => text !== "");
      if (given.length > 0) filters.set(name, await reader.read(name, given));
    } else if (!RESERVED.has(name)) others.set(name, texts.length === 1 ? texts[0] : texts);
  }
  return { ...Object.fromEntries(others), ...(filters.size === 0 ? {} : { filters: Object.fromEntries(filters) }) };
}

/** Knows the filters of a consumer. */
class FilterReader {
  private readonly filterSet: BaseFilterSet | null;
  /** First parts of the names that mean a column here. */
  private readonly columns: ReadonlySet<string>;

  private constructor(filterSet: BaseFilterSet | null, columns: ReadonlySet<string>) {
    this.filterSet = filterSet;
    this.columns = columns;
  }

  /** Null for a consumer that does not filter. */
  static of(consumer: AsyncAPIConsumer): FilterReader | null {
    if (!(consumer instanceof GenericConsumer) || !consumer.filterBackends.some(isFilterSetBackend)) return null;
    const filterSet = consumer.filterSetClass === undefined ? null : new consumer.filterSetClass();
    const declared = Object.keys(filterSet?.fields ?? {}).map((path) => path.split("__")[0] ?? path);
    return new FilterReader(filterSet, new Set([...declared, ...(consumer.serializerClass?.readableFieldNames ?? [])]));
  }

  /** A lookup of a known column counts, allowed or not: misspelt, it would answer everything. Other names that nobody knows are ignored (DRF). */
  knows(name: string): boolean {
    if (Object.hasOwn(this.filterSet?.methods ?? {}, name) || this.isAllowed(name)) return true;
    return name.includes("__") && this.columns.has(name.split("__")[0] ?? name);
  }

  async read(name: string, texts: readonly string[]): Promise<unknown> {
    const { filterSet } = this;
    const method = filterSet !== null && Object.hasOwn(filterSet.methods, name) ? filterSet.methods[name] : undefined;
    if (method !== undefined) return methodValue(method, texts);
    return filterSet !== null && this.isAllowed(name) ? lookupValue(filterSet.model, name, texts) : texts.at(-1);
  }

  private isAllowed(name: string): boolean {
    const fields = this.filterSet?.fields ?? {};
    if (Object.hasOwn(fields, name)) return fields[name]?.includes("exact") === true;
    const cut = name.lastIndexOf("__");
    const path = name.slice(0, cut);
    return cut > 0 && Object.hasOwn(fields, path) && fields[path]?.includes(name.slice(cut + 2)) === true;
  }
}

function isFilterSetBackend(Backend: FilterBackendClass): boolean {
  return Backend === FilterSetBackend || Reflect.get(Backend, "prototype") instanceof FilterSetBackend;
}
