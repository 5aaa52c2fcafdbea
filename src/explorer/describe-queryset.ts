import { orderingKeys } from "../models/ordering-keys.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { describeWhere } from "./describe-where.ts";

/** Which rows a queryset has, in words: `user WHERE email CONTAINS "x" ORDER BY -id LIMIT 10`. */
export function describeQueryset(queryset: AnyQuerySet): string {
  const { model, query } = queryset;
  const { where, offset, limit } = query;
  const keys = orderingKeys(queryset);
  const parts = [
    model.verboseName,
    where === null ? "" : `WHERE ${describeWhere(model, where)}`,
    keys.length === 0 ? "" : `ORDER BY ${keys.join(", ")}`,
    limit === null ? "" : `LIMIT ${limit}`,
    offset === 0 ? "" : `OFFSET ${offset}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
