import type { MessageArguments } from "../protocol/arguments.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { replyWithData, type Reply } from "../consumers/reply.ts";
import type { Adds, ListArgumentsOf, OutputOf } from "./mixin-types.ts";

export interface ListActions<B extends GenericConsumerClass> {
  /** Answers all rows that this user may see and asked for. */
  list(args?: ListArgumentsOf<B>): Promise<Reply<OutputOf<B>[]>>;
}

/** Adds `list`: all rows in one answer, whatever the `paginationClass` (DCRF). For pages take `PaginatedModelListMixin`. */
export function ListModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<ListActions<B>> {
  class ListModel extends Base {
    async list(args: MessageArguments = {}): Promise<Reply<OutputOf<B>[]>> {
      const queryset = await this.filterQueryset(await this.getQueryset(args), args);
      return replyWithData(await this.serializeMany(queryset, "list", args));
    }
  }
  declareActions(ListModel, { list: { model: "list" } });
  return ListModel;
}
