import type { MessageArguments } from "../protocol/arguments.ts";
import { liveSubprotocol } from "../protocol/live-subprotocol.ts";
import { NotFound } from "../protocol/exceptions.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { noReply, reply, replyWithData, type Reply } from "../consumers/reply.ts";
import type { Adds, ListArgumentsOf } from "./mixin-types.ts";
import { type PageOf, serializePage } from "./paginated-model-list-mixin.ts";

export interface StreamedListActions<B extends GenericConsumerClass> {
  /**
   * Answers page after page to the one request, each with status 200; no frame marks the end (DCRF). Under `restwave.v1` it is a stream as any other:
   * 206 for each page, 200 at the end.
   */
  list(args?: ListArgumentsOf<B>): AsyncGenerator<Reply<PageOf<B>>, typeof noReply | null, void>;
  /** Runs between two pages; the next page waits for it. Does nothing by default (DCRF: `sleep_time_between_pages`). */
  betweenPages(): Promise<void>;
  /** Ends all running `list` streams of this connection. */
  listCancel(): Promise<Reply<null>>;
}

/**
 * Adds `list` as a stream of pages and `list_cancel`. Other requests are answered between the pages, and a client that reads slowly slows
 * the stream down. Needs a `paginationClass`; without one it answers all rows in one frame.
 */
export function StreamedPaginatedListMixin<B extends GenericConsumerClass>(Base: B): B & Adds<StreamedListActions<B>> {
  class StreamedPaginatedList extends Base {
    async *list(args: MessageArguments = {}): AsyncGenerator<Reply<PageOf<B>>, typeof noReply | null, void> {
      const isStream = this.scope.subprotocol === liveSubprotocol;
      const status = isStream ? 206 : 200;
      const queryset = await this.filterQueryset(await this.getQueryset(args), args);
      let page = await this.paginateQueryset(queryset, args);
      if (page === null) yield replyWithData(await this.serializeMany(queryset, "list", args), status);
      while (page !== null) {
        yield replyWithData(await serializePage(this, page, args), status);
        const next: MessageArguments | null = page.nextArguments;
        if (next === null) break;
        await this.betweenPages();
        page = await this.paginateQueryset(queryset, { ...args, ...next }).catch(endOnNotFound);
      }
      return isStream ? null : noReply;
    }

    async betweenPages(): Promise<void> {}

    async listCancel(): Promise<Reply<null>> {
      this.cancelRequests((request) => request.action === "list");
      return reply(null);
    }
  }
  declareActions(StreamedPaginatedList, {
    list: { detached: true, model: "pages" },
    listCancel: { detached: true, model: "list_cancel" },
  });
  return StreamedPaginatedList;
}

/** Rows that went between two pages may have taken the next page with them: then the stream is at its end. */
function endOnNotFound(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}
