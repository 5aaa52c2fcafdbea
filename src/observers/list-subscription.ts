import type { AnyModel } from "../models/model.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { PaginationClass } from "../pagination/base-pagination.ts";
import { CursorPagination } from "../pagination/cursor-pagination.ts";
import { serializePage } from "../mixins/paginated-model-list-mixin.ts";
import { RowsSubscription } from "./rows-subscription.ts";
import { totalOrdering } from "./row-order.ts";

/** A list that stays right: the rows that `list` answers with the same arguments, page and all. */
export class ListSubscription extends RowsSubscription {
  /** What the user may see and asked for, without the window. */
  #rows: AnyQuerySet | null = null;
  protected override readonly nothing: readonly unknown[] = [];

  protected override get model(): AnyModel {
    return this.#planned.model;
  }

  get #planned(): AnyQuerySet {
    if (this.#rows !== null) return this.#rows;
    throw new ImproperlyConfigured("A list subscription was used before it was opened.");
  }

  protected override async plan(): Promise<AnyQuerySet> {
    const queryset = await this.#visible();
    this.#rows = queryset;
    return (await this.consumer.windowOf(queryset, this.args)) ?? queryset;
  }

  protected override async read(): Promise<unknown> {
    const queryset = this.#planned;
    const page = await this.consumer.paginateQueryset(queryset, this.args);
    return page === null
      ? this.consumer.serializeMany(queryset, "list", this.args)
      : serializePage(this.consumer, page, this.args);
  }

  /** Where there is an order it is made a total one, so that rows which are equal in it stand where events say. */
  async #visible(): Promise<AnyQuerySet> {
    const { consumer, args } = this;
    const queryset: AnyQuerySet = await consumer.filterQueryset(await consumer.getQueryset(args), args);
    const isWhole = consumer.paginationClass === null || orders(consumer.paginationClass);
    return !queryset.isOrdered && isWhole ? queryset : queryset.orderByUntrusted(totalOrdering(queryset));
  }
}

/** Does it bring an order of its own where the queryset has none? */
function orders(Pagination: PaginationClass): boolean {
  return new Pagination() instanceof CursorPagination;
}
