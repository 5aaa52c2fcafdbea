import type { MessageArguments } from "../protocol/arguments.ts";
import type { EnvelopeOf } from "../pagination/envelope.ts";
import type { BasePagination, Page } from "../pagination/base-pagination.ts";
import type { AnyGenericConsumer, GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { replyWithData, type Reply } from "../consumers/reply.ts";
import type { Adds, ListArgumentsOf, OutputOf, TypesOf } from "./mixin-types.ts";

/** A page of the resource's pagination class, or all rows when it has none. */
export type PageOf<B extends GenericConsumerClass> = TypesOf<B>["pagination"] extends new () => BasePagination
  ? EnvelopeOf<InstanceType<TypesOf<B>["pagination"]>, OutputOf<B>>
  : OutputOf<B>[];

export interface PaginatedListActions<B extends GenericConsumerClass> {
  /** Answers one page of the rows that this user may see and asked for. */
  list(args?: ListArgumentsOf<B>): Promise<Reply<PageOf<B>>>;
}

/** Adds `list` in pages, as the consumer's `paginationClass` cuts them; without one, all rows (DCRF). */
export function PaginatedModelListMixin<B extends GenericConsumerClass>(Base: B): B & Adds<PaginatedListActions<B>> {
  class PaginatedModelList extends Base {
    async list(args: MessageArguments = {}): Promise<Reply<PageOf<B>>> {
      const queryset = await this.filterQueryset(await this.getQueryset(args), args);
      const page = await this.paginateQueryset(queryset, args);
      return replyWithData(
        page === null ? await this.serializeMany(queryset, "list", args) : await serializePage(this, page, args),
      );
    }
  }
  declareActions(PaginatedModelList, { list: { model: "page" } });
  return PaginatedModelList;
}

/** What the client gets for a page. */
export async function serializePage(consumer: AnyGenericConsumer, page: Page, args: MessageArguments): Promise<object> {
  const { rows, queryset } = page;
  const results = rows === null ? consumer.serializeMany(queryset, "list", args) : consumer.serializeRows(rows, "list", args);
  return page.envelope(await results);
}
