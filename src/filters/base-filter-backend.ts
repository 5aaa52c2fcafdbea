import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { FilterConsumer } from "./filter-consumer.ts";

/**
 * Narrows or orders a queryset by what the client sent. Listed in a consumer's `filterBackends`; runs for `list`, and wherever else one row is
 * looked up, in the order of the list. Source: DRF.
 */
export abstract class BaseFilterBackend {
  /** @throws ValidationError when the arguments are not acceptable. */
  abstract filterQueryset(
    queryset: AnyQuerySet,
    args: MessageArguments,
    consumer: FilterConsumer,
  ): AnyQuerySet | Promise<AnyQuerySet>;
}

/** What `filterBackends` lists. */
export type FilterBackendClass = new () => BaseFilterBackend;
