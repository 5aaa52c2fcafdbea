import { BasePagination, type Page } from "../../src/pagination/base-pagination.ts";
import type { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import type { EnvelopeOf, Results } from "../../src/pagination/envelope.ts";
import { type LimitOffsetPagination, WebsocketLimitOffsetPagination } from "../../src/pagination/limit-offset-pagination.ts";
import type { PageNumberPagination } from "../../src/pagination/page-number-pagination.ts";

interface User {
  id: number;
  username: string;
}

/** Compiles only when both types are the same. */
function same<A, B>(_equal: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

class Small extends WebsocketLimitOffsetPagination {
  override readonly maxLimit = 10;
}

class Plain extends BasePagination {
  declare readonly types: { readonly envelope: { readonly items: Results; readonly total: number } };

  override paginateQueryset(): Promise<Page | null> {
    return Promise.resolve(null);
  }
}

interface LimitOffsetPage {
  readonly count: number;
  readonly results: User[];
  readonly limit: number;
  readonly offset: number;
}

// The rows of the serializer stand where the envelope has its results, in every pagination and its subclasses.
same<EnvelopeOf<LimitOffsetPagination, User>, LimitOffsetPage>(true);
same<EnvelopeOf<Small, User>, LimitOffsetPage>(true);
same<
  EnvelopeOf<PageNumberPagination, User>,
  {
    readonly count: number;
    readonly results: User[];
    readonly page: number;
    readonly page_size: number;
    readonly num_pages: number;
  }
>(true);
same<
  EnvelopeOf<CursorPagination, User>,
  { readonly next: string | null; readonly previous: string | null; readonly results: User[] }
>(true);

// An envelope of one's own may call the rows as it likes.
same<EnvelopeOf<Plain, User>, { readonly items: User[]; readonly total: number }>(true);

declare const page: EnvelopeOf<LimitOffsetPagination, User>;
page.results[0]?.username satisfies string | undefined;
// @ts-expect-error a page of users has no field that the serializer does not show
page.results[0]?.password;
// @ts-expect-error a limit-offset page has no cursor
page.next;
