import { RestwaveError } from "../protocol/exceptions.ts";
import type { Where } from "./where.ts";

/** What a queryset asks for, as plain data. */
export interface Query {
  /** null: every row. */
  readonly where: Where | null;
  /** `author__name`, `-id`; null: the model's own ordering. */
  readonly ordering: readonly string[] | null;
  readonly reversed: boolean;
  readonly offset: number;
  /** null: no end. */
  readonly limit: number | null;
  readonly distinct: boolean;
  /** Property keys of the columns to read; null: all of them. */
  readonly columns: readonly string[] | null;
}

export const ALL_ROWS: Query = Object.freeze({
  where: null,
  ordering: null,
  reversed: false,
  offset: 0,
  limit: null,
  distinct: false,
  columns: null,
});

export function isSliced(query: Query): boolean {
  return query.offset > 0 || query.limit !== null;
}

/**
 * The part of a query from `start` to before `end`, counted inside its present slice.
 *
 * @throws RestwaveError when they are no integers from 0 on.
 */
export function slice(query: Query, start: number, end: number | undefined): Query {
  if (!isCount(start) || !isCount(end ?? 0))
    throw new RestwaveError(`Expected slice() to get integers from 0 on, got ${start} and ${end}.`, { code: "invalid_slice" });
  const room = query.limit === null ? Infinity : Math.max(0, query.limit - start);
  const wanted = end === undefined ? Infinity : Math.max(0, end - start);
  const limit = Math.min(room, wanted);
  return { ...query, offset: query.offset + start, limit: limit === Infinity ? null : limit };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
