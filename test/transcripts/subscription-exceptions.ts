import { chosenDatabase } from "../databases/chosen-database.ts";
import type { Exchange } from "./exchanges.ts";
import { answered, END, type Exception, from, inAnyOrder, reasons, recv, refusal, required, success } from "./exception.ts";
import type { ExpectedExchange } from "./replay-case.ts";

const smallItem = (quantity: number) => ({ id: 1, name: "item1", quantity, active: true });
const article = (title: string, ...tags: readonly number[]) => ({ id: 1, title, tags });

const updated = (requestId: unknown, data: object) => recv(success("update", requestId, data));
const deleted = (requestId: unknown, data: object = { pk: 1 }) => recv(success("delete", requestId, data, 204));
const operation = (op: string, args: object = {}): ExpectedExchange => ({ op: { op, ...args } });

/** The recorded steps, without those at these indexes. */
function without(reason: string, ...indexes: readonly number[]): Exception {
  return { reason, instead: (recorded) => recorded.filter((_exchange, index) => !indexes.includes(index)) };
}

/** The recorded steps, with the one at `index` replaced. */
function replaced(reason: string, steps: Readonly<Record<number, readonly ExpectedExchange[]>>): Exception {
  return { reason, instead: (recorded) => recorded.flatMap((exchange, index) => steps[index] ?? [exchange]) };
}

/** Actions of the lab that return nothing. */
const RETURN_NOTHING: ReadonlySet<unknown> = new Set([
  "subscribe_full",
  "unsubscribe_full",
  "subscribe_ser",
  "subscribe_to_comment_activity",
]);

/** The recorded steps; requests of those actions are answered. */
const answersNull: Exception = {
  reason: reasons.everyRequestIsAnswered,
  instead: (recorded) => recorded.flatMap((exchange) => [exchange, ...nullAnswer(exchange)]),
};

function nullAnswer({ send }: Exchange): readonly ExpectedExchange[] {
  if (send === undefined) return [];
  const { action, request_id: requestId } = JSON.parse(send) as { readonly action: string; readonly request_id: unknown };
  return RETURN_NOTHING.has(action) ? [recv(success(action, requestId, null))] : [];
}

/** Pipelined writes: their answers, and their events. */
const pipelinedOnPostgres: Exception = {
  reason: reasons.toldLater,
  instead: (recorded) => [...recorded.slice(0, 5), inAnyOrder(recorded.slice(5, -1)), END],
};

/** Every difference in what subscribers get, by case. */
export const subscriptionExceptions: Readonly<Record<string, Exception>> = {
  "instance/subscribe-request-id-null": from(
    1,
    reasons.idsAreJson,
    recv(success("subscribe_instance", null, null, 201)),
    operation("item_save", { pk: 1, quantity: 11 }),
    updated(null, smallItem(11)),
    END,
  ),
  "instance/subscribe-request-id-1-and-1.0": replaced(reasons.idsAreJson, {
    7: [updated(1, smallItem(11)), updated(true, smallItem(11))],
  }),
  "instance/subscribe-no-pk": answered(refusal(400, required("pk"), "subscribe_instance", 1)),
  "instance/txn-two-instances": without(reasons.netChange, 4),
  "instance/queryset-update": from(
    2,
    reasons.allChangesAreSeen,
    operation("item_qs_update", { pk: 1, quantity: 5 }),
    updated(10, smallItem(5)),
    operation("item_bulk_update", { pk: 1, quantity: 6 }),
    updated(10, smallItem(6)),
    operation("item_qs_delete", { pks: [1, 2] }),
    deleted(10),
    END,
  ),
  "instance/left-the-queryset": replaced(reasons.visibleRows, {
    3: [deleted(10)],
    5: [recv(success("create", 10, smallItem(10)))],
    7: [deleted(10)],
    // It was gone already.
    9: [],
  }),
  "instance/event-permission-denied": without(reasons.deniedMeansDenied, 3, 4, 6, 7),
  "instance/slug-delete": replaced(reasons.deletedLookup, { 3: [deleted(10, { pk: 1, slug: "slug-1" })] }),
  "instance/m2m": replaced(reasons.linksAreRows, {
    5: [],
    15: [],
    26: [operation("tag_delete", { pk: 1 }), updated(10, article("article1"))],
  }),
  ...(chosenDatabase().name === "PostgreSQL" ? { "instance/pipelined-patches-order": pipelinedOnPostgres } : {}),
  "instance/m2m-patch": without(reasons.netChange, 5),

  "mo/unsubscribe-anonymous-before-event": without(reasons.unsubscribingEnds, 5),
  "mo/serializer-fn": answersNull,
  "mo/docs-example": answersNull,
  "mo/cascade": answersNull,
  "mo/txn-create-update": answersNull,
  "mo/txn-create-delete": answersNull,
  "mo/txn-update-delete": answersNull,
  "mo/txn-two-rows": answersNull,
  "mo/event-during-slow-action": answersNull,
  "mo/handler-raises": from(
    3,
    reasons.handlersFailAlone,
    { send: '{"action":"slow","request_id":2,"ms":1}' },
    recv(success("slow", 2, { ms: 1 })),
    END,
  ),

  "leak/unsubscribe_instance": replaced(reasons.unsubscribingEnds, {
    6: [{ op: { op: "layer" }, result: { groups: 0, memberships: 0, queued: 0 } }],
  }),
};
