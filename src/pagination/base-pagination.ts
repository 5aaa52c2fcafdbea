import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { PaginationConsumer } from "./pagination-consumer.ts";

/** One page of a queryset. */
export interface Page {
  /** The rows of this page and no others, still to be read. */
  readonly queryset: AnyQuerySet;
  /** The rows, where the pagination had to read them itself; null: read `queryset`, in whatever way is fastest. */
  readonly rows: readonly object[] | null;
  /** The arguments that, laid over those of this request, ask for the next page; null on the last page. */
  readonly nextArguments: MessageArguments | null;
  /** What the client gets: the serialized rows (a list or finished `JsonText`) among what the pagination says about them. */
  envelope(results: unknown): object;
}

/**
 * Cuts a queryset into pages. A subclass declares what a page looks like to the client, with `Results` where the rows are:
 *
 * ```ts
 * class Plain extends BasePagination {
 *   declare readonly types: { envelope: { items: Results; total: number } };
 * }
 * ```
 */
export abstract class BasePagination {
  /** Exists for the type checker alone. */
  declare readonly types: { readonly envelope: object };

  /**
   * The page that `args` ask for, or null when the list is to be answered whole.
   *
   * @throws ValidationError when an argument is of a wrong type; NotFound when there is no such page.
   */
  abstract paginateQueryset(queryset: AnyQuerySet, args: MessageArguments, consumer?: PaginationConsumer): Promise<Page | null>;

  /**
   * The page as a queryset with its window, for those who follow the page while rows come and go; null when the list is whole. Override it where
   * the page's own queryset depends on how many rows there are at the moment.
   *
   * @throws as `paginateQueryset`.
   */
  async windowOf(queryset: AnyQuerySet, args: MessageArguments, consumer?: PaginationConsumer): Promise<AnyQuerySet | null> {
    const page = await this.paginateQueryset(queryset, args, consumer);
    return page?.queryset ?? null;
  }
}

/** What `paginationClass` holds. */
export type PaginationClass = new () => BasePagination;
