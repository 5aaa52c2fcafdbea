import { CursorPagination } from "../pagination/cursor-pagination.ts";
import { LimitOffsetPagination } from "../pagination/limit-offset-pagination.ts";
import { PageNumberPagination } from "../pagination/page-number-pagination.ts";
import type { PaginationClass } from "../consumers/generic-consumer-options.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import { objectSchema } from "./object-schema.ts";

const COUNT: JsonSchema = { type: "integer", minimum: 0 };
const POSITIVE: JsonSchema = { type: "integer", minimum: 1 };

/** How a list is cut into pages. */
export interface PageSchemas {
  /** What it adds to the arguments of the list. */
  readonly args: Readonly<Record<string, JsonSchema>>;
  /** What is answered, a page with `row`s. */
  readonly page: JsonSchema;
}

/** How a pagination class cuts lists. A class of the application's own says nothing of its pages. */
export function pageSchemas(paginationClass: PaginationClass, row: JsonSchema): PageSchemas {
  const results: JsonSchema = { type: "array", items: row };
  if (paginationClass === null) return { args: {}, page: results };
  const pagination = new paginationClass();
  if (pagination instanceof LimitOffsetPagination) return limitOffset(pagination, results);
  if (pagination instanceof PageNumberPagination) return pageNumber(pagination, results);
  if (pagination instanceof CursorPagination) return cursor(pagination, results);
  return { args: {}, page: { description: `A page of ${paginationClass.name}, which says nothing of its form.` } };
}

function limitOffset({ defaultLimit, maxLimit }: LimitOffsetPagination, results: JsonSchema): PageSchemas {
  const page = objectSchema({ count: COUNT, results, limit: POSITIVE, offset: COUNT });
  return {
    args: { limit: size(defaultLimit, maxLimit), offset: { ...COUNT, default: 0 } },
    // Without a limit of either side the list is answered whole.
    page: defaultLimit === null ? { anyOf: [page, results] } : page,
  };
}

function pageNumber({ pageSize, maxPageSize }: PageNumberPagination, results: JsonSchema): PageSchemas {
  return {
    args: { page: { anyOf: [POSITIVE, { const: "last" }], default: 1 }, page_size: size(pageSize, maxPageSize) },
    page: objectSchema({ count: COUNT, results, page: POSITIVE, page_size: POSITIVE, num_pages: POSITIVE }),
  };
}

function cursor({ pageSize, maxPageSize }: CursorPagination, results: JsonSchema): PageSchemas {
  const link = { type: ["string", "null"] };
  return {
    args: { cursor: link, page_size: size(pageSize, maxPageSize) },
    page: objectSchema({ next: link, previous: link, results }),
  };
}

/** More than the maximum is taken too, and means the maximum. */
function size(byDefault: number | null, maximum: number | null): JsonSchema {
  const description = maximum === null ? {} : { description: `At most ${maximum} rows are given.` };
  return { ...POSITIVE, ...(byDefault === null ? {} : { default: byDefault }), ...description };
}
