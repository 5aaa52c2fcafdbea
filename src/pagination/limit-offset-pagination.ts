import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { BasePagination, type Page } from "./base-pagination.ts";
import type { Results } from "./envelope.ts";
import { integerArgument } from "./integer-argument.ts";

/** What a client gets of a limit-offset page. */
export interface LimitOffsetEnvelope {
  /** Rows in the whole list. */
  readonly count: number;
  readonly results: Results;
  /** Rows that a page may hold, as used: the default or the maximum where the client's own did not do. */
  readonly limit: number;
  /** Rows before this page. */
  readonly offset: number;
}

/**
 * Pages by `limit` and `offset`, both keys of the frame itself. DCRF's `WebsocketLimitOffsetPagination`:
 *
 * - A limit that is zero, negative or no number is the default, one above the maximum is the maximum. An offset that is negative or no number
 *   is 0; one past the end gives no rows.
 * - Without a limit and without a default the list is answered whole, as a plain array.
 * - Null, a list or an object for either is a 400 (DCRF dies of it).
 *
 * Rows that are added or removed between two requests shift the pages; `CursorPagination` does not shift.
 */
export class LimitOffsetPagination extends BasePagination {
  declare readonly types: { readonly envelope: LimitOffsetEnvelope };

  /** Rows per page when the client names no limit. Default: null, the list is not paged then (DRF). Not capped by `maxLimit`. */
  readonly defaultLimit: number | null = null;
  /** Most rows that a client may ask for. Default: null, no maximum (DCRF): set one where lists can be long. */
  readonly maxLimit: number | null = null;

  override async paginateQueryset(queryset: AnyQuerySet, args: MessageArguments): Promise<Page | null> {
    const offset = this.getOffset(args);
    const limit = this.getLimit(args);
    if (limit === null) return null;
    const count = await queryset.count();
    const end = Math.min(offset + limit, Number.MAX_SAFE_INTEGER);
    return {
      queryset: offset < count ? queryset.slice(offset, end) : queryset.none(),
      rows: null,
      nextArguments: offset < count - limit ? { limit, offset: end } : null,
      envelope: (results) => ({ count, results, limit, offset }),
    };
  }

  override async windowOf(queryset: AnyQuerySet, args: MessageArguments): Promise<AnyQuerySet | null> {
    const limit = this.getLimit(args);
    if (limit === null) return null;
    const offset = this.getOffset(args);
    return queryset.slice(offset, Math.min(offset + limit, Number.MAX_SAFE_INTEGER));
  }

  /** Rows that the page may hold, or null to answer the list whole. @throws ValidationError when `limit` is of a wrong type. */
  getLimit(args: MessageArguments): number | null {
    const limit = integerArgument(args, "limit");
    if (limit === null || limit <= 0) return this.defaultLimit;
    return Math.min(limit, this.maxLimit ?? Number.MAX_SAFE_INTEGER);
  }

  /** Rows before the page. @throws ValidationError when `offset` is of a wrong type. */
  getOffset(args: MessageArguments): number {
    return Math.max(0, integerArgument(args, "offset") ?? 0);
  }
}

/** DCRF's name for `LimitOffsetPagination`. */
export const WebsocketLimitOffsetPagination = LimitOffsetPagination;
export type WebsocketLimitOffsetPagination = LimitOffsetPagination;
