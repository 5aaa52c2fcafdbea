import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { NotFound } from "../protocol/exceptions.ts";
import { BasePagination, type Page } from "./base-pagination.ts";
import type { Results } from "./envelope.ts";
import { pageSizeOf } from "./page-size.ts";
import { integerArgument, refuseInteger } from "./integer-argument.ts";

/** What a client gets of a numbered page. */
export interface PageNumberEnvelope {
  /** Rows in the whole list. */
  readonly count: number;
  readonly results: Results;
  /** This page's number; the first is 1. */
  readonly page: number;
  /** Rows that a page may hold, as used. */
  readonly page_size: number;
  /** Pages in the whole list; an empty list has one, empty page. */
  readonly num_pages: number;
}

/**
 * Pages by number: `page` (from 1, or `"last"`) and `page_size`, keys of the frame itself. A page that does not exist is a 404 `Invalid page.`
 * as in DRF. DRF's `next` and `previous` links have no meaning on a socket, so the numbers stand in their place.
 */
export class PageNumberPagination extends BasePagination {
  declare readonly types: { readonly envelope: PageNumberEnvelope };

  /** Rows per page when the client names no `page_size`. Default 100. */
  readonly pageSize: number = 100;
  /** Most rows that a client may ask for. Default 1000; null: no maximum. */
  readonly maxPageSize: number | null = 1000;

  override async paginateQueryset(queryset: AnyQuerySet, args: MessageArguments): Promise<Page> {
    const size = pageSizeOf(args, this.pageSize, this.maxPageSize);
    const asked = readPage(args);
    const count = await queryset.count();
    const pages = Math.max(1, Math.ceil(count / size));
    const page = asked === "last" ? pages : existingPage(asked, pages);
    const start = (page - 1) * size;
    return {
      queryset: queryset.slice(start, Math.min(start + size, Number.MAX_SAFE_INTEGER)),
      rows: null,
      nextArguments: page < pages ? { page: page + 1, page_size: size } : null,
      envelope: (results) => ({ count, results, page, page_size: size, num_pages: pages }),
    };
  }
}

function readPage(args: MessageArguments): number | "last" {
  const asked = Object.hasOwn(args, "page") ? args["page"] : undefined;
  if (asked === undefined) return 1;
  if (asked === "last") return "last";
  if (typeof asked === "boolean") return refuseInteger("page");
  const page = integerArgument(args, "page");
  if (page === null || (typeof asked === "number" && !Number.isInteger(asked))) throw new NotFound("Invalid page.");
  return page;
}

function existingPage(asked: number, pages: number): number {
  if (asked < 1 || asked > pages) throw new NotFound("Invalid page.");
  return asked;
}
