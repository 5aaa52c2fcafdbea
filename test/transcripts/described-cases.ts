import type { Exchange } from "./exchanges.ts";
import { END, recv, success } from "./exception.ts";

/** A case in the form of the recorded ones, written from the description of what was observed, with the differences that Restwave makes on purpose. */
export interface DescribedCase {
  readonly rule: string;
  readonly consumer: string;
  readonly exchanges: readonly Exchange[];
}

type Key = Readonly<Record<string, unknown>>;

const ITEM = { id: 1, name: "item1", quantity: 10, active: true };
const UUID = "00000000-0000-0000-0000-000000000001";

const send = (frame: object): Exchange => ({ send: JSON.stringify(frame) });
const op = (name: string, args: object = {}): Exchange => ({ op: { op: name, ...args } });
const ask = (action: string, requestId: unknown, args: object, data: unknown, status: number): readonly Exchange[] => [
  send({ action, request_id: requestId, ...args }),
  recv(success(action, requestId, data, status)),
];
const subscribe = (requestId: unknown, key: Key = { pk: 1 }) => ask("subscribe_instance", requestId, key, null, 201);
const unsubscribe = (requestId: unknown, key: Key = { pk: 1 }) => ask("unsubscribe_instance", requestId, key, null, 204);
const observe = (kind: string, requestId: unknown, args: object = {}, status = 201) =>
  ask(`subscribe_${kind}`, requestId, args, null, status);

const created = (requestId: unknown, data: object) => recv(success("create", requestId, data));
const updated = (requestId: unknown, data: object = ITEM) => recv(success("update", requestId, data));
const deleted = (requestId: unknown, data: object = { pk: 1 }) => recv(success("delete", requestId, data, 204));

const comment = (id: number, text: string, user = 1) => ({ id, text, user });
const shown = (handler: string, action: string, pk: number, ...ids: readonly unknown[]) => ({
  h: handler,
  message: { pk },
  action,
  subscribing_request_ids: ids,
});
const pkShown = (action: string, pk: number, ...ids: readonly unknown[]) =>
  recv({ ...shown("pk_activity", action, pk, ...ids), message_type: "pk.activity", kwargs: ["group", "message_type"] });
const pinged = (level: number | null, id: number) =>
  recv({
    h: "on_ping",
    message: { level },
    subscribing_request_ids: [id],
    message_type: "on.ping",
    kwargs: ["group", "message_type"],
  });

const NOTHING_KEPT: Exchange = { op: { op: "layer" }, result: { groups: 0, memberships: 0, queued: 0 } };
const range = (n: number) => Array.from({ length: n }, (_, index) => index);

const cases: Readonly<Record<string, readonly [consumer: string, ...exchanges: readonly Exchange[]]>> = {
  "subscribing again under the same id gives one event": [
    "instance",
    ...subscribe(1),
    ...subscribe(1),
    op("item_save"),
    updated(1),
  ],
  "0, the empty string and false are three request ids": [
    "instance",
    ...[0, "", false].flatMap((id) => subscribe(id)),
    op("item_save"),
    ...[0, "", false].map((id) => updated(id)),
  ],
  "one request id may hold several rows, and giving one up keeps the others": [
    "instance",
    ...subscribe(1),
    ...subscribe(1, { pk: 2 }),
    ...unsubscribe(1, { pk: 2 }),
    op("item_save", { pk: 2 }),
    op("item_save", { pk: 1 }),
    updated(1),
  ],
  "unsubscribing without a request id ends every id of the row": [
    "instance",
    ...subscribe(1),
    ...subscribe(2),
    ...unsubscribe(null),
    op("item_save"),
    NOTHING_KEPT,
  ],
  "a row that comes again under its key is created, and its subscription can be ended while it is gone": [
    "instance",
    ...subscribe(1),
    op("item_delete"),
    deleted(1),
    op("item_create", { id: 1, name: "again" }),
    created(1, { ...ITEM, name: "again", quantity: 0 }),
    op("item_delete"),
    deleted(1),
    ...unsubscribe(1),
    op("item_create", { id: 1, name: "and again" }),
    NOTHING_KEPT,
  ],
  "two saves in a transaction are one event": [
    "instance",
    ...subscribe(1),
    op("txn_two_saves"),
    updated(1, { ...ITEM, quantity: 102 }),
  ],
  "a patch of nothing is an event": ["instance", ...subscribe(1), ...ask("patch", 2, { pk: 1, data: {} }, ITEM, 200), updated(1)],
  "any spelling of a UUID names the row": [
    "uuid",
    ...subscribe(1, { pk: UUID.replaceAll("-", "") }),
    op("uuid_save", { pk: UUID, name: "n" }),
    updated(1, { id: UUID, name: "n" }),
    op("uuid_delete", { pk: UUID }),
    deleted(1, { pk: UUID }),
    ...unsubscribe(1, { pk: UUID }),
    NOTHING_KEPT,
  ],
  "a row that is found by another field is followed by that field": [
    "slug",
    ...subscribe(1, { slug: "slug-1" }),
    op("slug_save", { slug: "slug-1", title: "n" }),
    updated(1, { id: 1, slug: "slug-1", title: "n" }),
    ...unsubscribe(1, { slug: "slug-1" }),
    op("slug_save", { slug: "slug-1", title: "m" }),
  ],
  "relations are not watched unless asked for": ["instance-no-m2m", ...subscribe(1), op("article_add", { pk: 1, tags: [1] })],
  "events of a multiplexed stream come in that stream": [
    "demux",
    { send: JSON.stringify({ stream: "items", payload: { action: "subscribe_instance", request_id: 1, pk: 1 } }) },
    recv({ stream: "items", payload: success("subscribe_instance", 1, null, 201) }),
    op("item_save"),
    recv({ stream: "items", payload: success("update", 1, ITEM) }),
  ],
  "a row of two groups that one is in comes twice": [
    "model-observer",
    ...observe("two", 1, { pk: 1 }),
    op("comment_save", { pk: 1, text: "x" }),
    recv(shown("two_groups", "update", 1, 1)),
    recv(shown("two_groups", "update", 1, 1)),
    op("comment_save", { pk: 2, text: "x" }),
    recv(shown("two_groups", "update", 2, 1)),
  ],
  "of several moves in a transaction the first group and the last hear": [
    "model-observer",
    ...[1, 2, 3].flatMap((pk) => observe("user", pk, { user_pk: pk })),
    op("comment_txn_move_twice", { pk: 1 }),
    recv(success("delete", 1, comment(1, "first", 3))),
    created(3, comment(1, "first", 3)),
  ],
  "bulk writes are seen": [
    "model-observer",
    ...observe("full", 1, {}, 200),
    op("comment_bulk_create"),
    created(1, comment(3, "bulk")),
    op("comment_qs_update", { pk: 1, text: "q" }),
    updated(1, comment(1, "q")),
  ],
  "an own write is answered before its event": [
    "model-observer",
    ...observe("full", 1, {}, 200),
    ...ask("sync_create", 2, { text: "s", user_pk: 1 }, { id: 3 }, 201),
    created(1, comment(3, "s")),
  ],
  "subscribed with and without an id, giving up the id keeps the rest": [
    "model-observer",
    ...observe("pk_anon", 1),
    ...observe("pk", 2),
    op("comment_bulk_create"),
    pkShown("create", 3, 2),
    ...ask("unsubscribe_pk", 2, {}, null, 204),
    op("comment_bulk_create"),
    pkShown("create", 4),
  ],
  "none of 150 quick writes is lost": [
    "model-observer",
    ...observe("pk", 1),
    op("comment_burst", { n: 150 }),
    ...range(150).map((n) => pkShown("create", 3 + n, 1)),
  ],
  "the observers of a connection handle an event one after another, also behind a slow action": [
    "model-observer",
    ...observe("ser", 1, {}, 200),
    ...observe("full", 2, {}, 200),
    ...observe("pk", 3),
    op("comment_create", { text: "a", user_id: 1 }),
    recv({ request_id: 1, data: comment(3, "a"), action: "create", pk: 3 }),
    created(2, comment(3, "a")),
    pkShown("create", 3, 3),
    send({ action: "slow", request_id: 4, ms: 100 }),
    op("comment_create", { text: "b", user_id: 1 }),
    recv(success("slow", 4, { ms: 100 })),
    recv({ request_id: 1, data: comment(4, "b"), action: "create", pk: 4 }),
    created(2, comment(4, "b")),
    pkShown("create", 4, 3),
  ],
  "nothing is kept of a connection that has ended": [
    "instance",
    { sock: "A", open: "/instance" },
    ...[...subscribe(1), ...subscribe(2, { pk: 2 })].map((exchange) => ({ ...exchange, sock: "A" })),
    { sock: "A", client_close: 1000 },
    NOTHING_KEPT,
  ],
  "a signal reaches the groups that it names": [
    "signal",
    ...ask("subscribe", 1, {}, null, 201),
    ...ask("subscribe", 2, { level: 1 }, null, 201),
    op("ping", { level: 1 }),
    pinged(1, 2),
    pinged(1, 1),
    op("ping"),
    pinged(null, 1),
    ...ask("unsubscribe", 1, {}, null, 204),
    op("ping", { level: 2 }),
    ...ask("unsubscribe", 2, { level: 1 }, null, 204),
    op("ping", { level: 1 }),
    NOTHING_KEPT,
  ],
};

/** What is described of subscriptions beyond the recorded cases at hand. */
export const describedCases: readonly DescribedCase[] = Object.entries(cases).map(([rule, [consumer, ...exchanges]]) => ({
  rule,
  consumer,
  exchanges: [...exchanges, END],
}));
