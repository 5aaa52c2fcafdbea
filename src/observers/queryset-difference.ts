import type { LoggedRow } from "../models/change-log/change.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { listDifference } from "./list-difference.ts";
import type { RowEvent } from "./row-event.ts";
import { inTotalOrder } from "./row-order.ts";
import { loggedValues } from "./rows-at.ts";

interface Options {
  /** Is every row that stays an update? */
  readonly looksDifferent: boolean;
  /** Do events say where a row stands? */
  readonly isOrdered: boolean;
}

/** The events that lead from the rows of one queryset to those of another, as both are now. Called inside a snapshot. */
export async function querysetDifference(was: AnyQuerySet, is: AnyQuerySet, options: Options): Promise<readonly RowEvent[]> {
  const [before, after] = [await readOrdered(was), await readOrdered(is)];
  const isChanged = (): boolean => options.looksDifferent;
  const events = listDifference(before, after, { pkName: is.model.pk.name, isChanged });
  return options.isOrdered ? events : events.map(({ index: _index, ...event }) => event);
}

function readOrdered(queryset: AnyQuerySet): Promise<LoggedRow[]> {
  return loggedValues(queryset.model, inTotalOrder(queryset)).toArray();
}
