import { FieldError } from "../models/errors.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import { BaseFilterBackend } from "./base-filter-backend.ts";
import { clipName, describeName } from "./describe-name.ts";
import type { FilterConsumer } from "./filter-consumer.ts";
import type { BaseFilterSet } from "./filter-set.ts";
import { ReadablePaths } from "./readable-paths.ts";

/**
 * Narrows a list by the frame's `filters`, an object of names that the consumer's `filterSetClass` allows. All must hold.
 *
 * A name that is not allowed, or a value that its column cannot take, is a 400: `{"filters": {"name": ["message"]}}`. Null for `filters`
 * is no filter.
 */
export class FilterSetBackend extends BaseFilterBackend {
  override async filterQueryset(queryset: AnyQuerySet, args: MessageArguments, consumer: FilterConsumer): Promise<AnyQuerySet> {
    const filterSet = consumer.filterSetClass ? new consumer.filterSetClass() : null;
    const lookups =
      filterSet === null
        ? new Map<string, string>()
        : allowedLookups(filterSet, ReadablePaths.of(queryset.model, consumer, args));
    const sent = sentFilters(args);
    refuseUnknown(Object.keys(sent), [...lookups.keys(), ...Object.keys(filterSet?.methods ?? {})]);
    const narrowed = applyLookups(queryset, sent, lookups);
    return filterSet === null ? narrowed : applyMethods(narrowed, sent, filterSet, consumer);
  }
}

/** The names that a client may send, each with the lookup it stands for, in the order of the whitelist. */
export function allowedLookups(filterSet: BaseFilterSet, readable: ReadablePaths | null): Map<string, string> {
  const allowed = new Map<string, string>();
  for (const [path, lookups = []] of Object.entries(filterSet.fields)) {
    if (readable?.demand(path, `${filterSet.constructor.name}.fields: "${path}"`) === false) continue;
    for (const lookup of lookups) allowed.set(`${path}__${lookup}`, `${path}__${lookup}`);
    if (lookups.includes("exact")) allowed.set(path, `${path}__exact`);
  }
  return allowed;
}

function sentFilters(args: MessageArguments): Readonly<Record<string, unknown>> {
  const filters = Object.hasOwn(args, "filters") ? (args["filters"] ?? {}) : {};
  if (isRecord(filters)) return filters;
  throw new ValidationError({
    filters: [`Expected an object of filters, but got ${Array.isArray(filters) ? "a list" : `a ${typeof filters}`}.`],
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseUnknown(sent: readonly string[], allowed: readonly string[]): void {
  const unknown = sent.filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return;
  const hint = allowed.length === 0 ? "This list has no filters." : `Choose from: ${allowed.join(", ")}.`;
  const [first = ""] = unknown;
  throw new ValidationError({ filters: { [clipName(first)]: [`Unknown filter ${describeName(first)}. ${hint}`] } });
}

function applyLookups(
  queryset: AnyQuerySet,
  sent: Readonly<Record<string, unknown>>,
  lookups: ReadonlyMap<string, string>,
): AnyQuerySet {
  let narrowed = queryset;
  // In the whitelist's order, so that the same filters make the same statement whatever order they were sent in.
  for (const [name, lookup] of lookups) {
    if (Object.hasOwn(sent, name)) narrowed = applyLookup(narrowed, name, lookup, sent[name]);
  }
  return narrowed;
}

/** Most values that a client may give to one `in` filter. */
export const MAX_FILTER_VALUES = 1000;

function applyLookup(queryset: AnyQuerySet, name: string, lookup: string, value: unknown): AnyQuerySet {
  if (Array.isArray(value) && value.length > MAX_FILTER_VALUES)
    throw refusal(name, [`Expected at most ${MAX_FILTER_VALUES} values.`]);
  try {
    return queryset.filterUntrusted({ [lookup]: value });
  } catch (error) {
    if (error instanceof FieldError) throw refusal(name, Object.values(Object(error.detail)).flat());
    throw error;
  }
}

async function applyMethods(
  queryset: AnyQuerySet,
  sent: Readonly<Record<string, unknown>>,
  filterSet: BaseFilterSet,
  consumer: FilterConsumer,
): Promise<AnyQuerySet> {
  let narrowed = queryset;
  for (const [name, method] of Object.entries(filterSet.methods)) {
    if (!Object.hasOwn(sent, name)) continue;
    try {
      narrowed = await method.filterQueryset(narrowed, sent[name], consumer);
    } catch (error) {
      if (error instanceof ValidationError || error instanceof FieldError) throw refusal(name, error.errors);
      throw error;
    }
  }
  return narrowed;
}

function refusal(name: string, messages: readonly unknown[]): ValidationError {
  return new ValidationError({ filters: { [name]: messages } });
}
