import {
  answered,
  answers,
  badJson,
  END,
  type Exception,
  from,
  inAnyOrder,
  reasons,
  recv,
  refusal,
  required,
  serverError,
  success,
} from "./exception.ts";
import { subscriptionExceptions } from "./subscription-exceptions.ts";

const item = (n: number) => ({
  id: n,
  name: `item${n}`,
  quantity: n * 10,
  price: null,
  ratio: null,
  active: true,
  due: null,
  day: null,
  kind: "a",
  note: "",
  meta: {},
});

const smallItem = (id: number, name = `item${id}`, quantity = id * 10) => ({ id, name, quantity, active: true });
const numbered = (n: number) => smallItem(n, `item${n}`, n);
const pageOfTwo = (offset: number) => ({ count: 6, results: [numbered(offset + 1), numbered(offset + 2)], limit: 2, offset });
const echo = (requestId: number) => success("echo_async", requestId, { request_id: requestId, action: "echo_async" });
const inStream = (stream: unknown, payload: object) => ({ stream, payload });

/** What a multiplexer answers to a frame that belongs to no stream. */
const notDelivered = (stream: string | null, status: number, error: string, requestId: number | null = null) =>
  answers(reasons.multiplexerAnswers, inStream(stream, refusal(status, error, null, requestId)));

const NO_PAYLOAD = 'Expected "payload" to be an object.';
const NO_FRAME = "JSON parse error: expected one JSON object in a text frame.";

/** Every difference from the recording, by case. There are no others. */
export const exceptions: ReadonlyMap<string, Exception> = new Map(
  Object.entries<Exception>({
    "seed/create-no-email": answered(success("create", 1, { id: 4, username: "newuser4", email: "" }, 201)),

    "frame/action-object": answered(refusal(405, "Action must be a string, but got an object.", null, 1)),
    "frame/action-list": answered(refusal(405, "Action must be a string, but got a list.", null, 1)),
    "frame/invalid-json": answered(badJson),
    "frame/invalid-json-trailing": answered(badJson),
    "frame/two-objects": answered(badJson),
    "frame/bom": answered(badJson),
    "frame/empty-text": answered(badJson),
    "frame/space-only": answered(badJson),
    "frame/true": answered(refusal(400, "A frame must be a JSON object, but got a boolean.", null, null)),
    "frame/binary-bytes": answered(refusal(400, "Expected a text frame with a JSON object, but got a binary frame.", null, null)),
    "frame/extra-key-scope": answered(success("list", 1, [1, 2, 3, 4, 5].map(item))),
    "frame/extra-key-instance": answered(success("delete", 1, null, 204)),
    "frame/nan": {
      reason: reasons.notJson,
      instead: (recorded) => recorded.map((exchange) => (exchange.recv === undefined ? exchange : recv(badJson))),
    },
    "frame/big-int-5000-digits": answers(
      reasons.boundedRequestId,
      refusal(400, "JSON parse error: expected integers of at most 4300 digits.", null, null),
    ),
    "frame/15MB-request": from(1, reasons.frameLimit, { close: 1009, reason: "" }),
    "frame/17MB-request": from(1, reasons.frameLimit, { close: 1009, reason: "" }),
    "frame/invalid-utf8": from(1, reasons.invalidText, { close: 1007, reason: "" }),

    "crud/retrieve-pk-overflow": answered(refusal(404, "Not found", "retrieve", 21)),
    "crud/retrieve-pk-inf": answers(reasons.notJson, badJson),
    "crud/patch-no-pk": answered(refusal(400, required("pk"), "patch", 1)),
    "crud/update-no-pk": answered(refusal(400, required("pk"), "update", 1)),
    "crud/delete-no-pk": answered(refusal(400, required("pk"), "delete", 1)),
    "crud/pk-in-data": answered(refusal(400, required("pk"), "patch", 1)),
    "crud/patch-no-data": answered(refusal(400, required("data"), "patch", 1)),
    "crud/update-no-data": answered(refusal(400, required("data"), "update", 1)),
    "crud/lookup-field-slug-pk": answered(refusal(400, required("slug"), "retrieve", 1)),
    "crud/no-serializer": answered(serverError("list", 1)),

    "validation/types": {
      reason: reasons.notJson,
      instead: (recorded) =>
        recorded.map((exchange, index) => {
          if (index !== 9) return exchange;
          const invalid = ["A valid number is required."];
          return recv(refusal(400, { price: invalid, ratio: invalid }, "create", 5));
        }),
    },

    "page/limit-null": answered(refusal(400, { limit: ["A valid integer is required."] }, "list", 1)),
    "page/offset-null": answered(refusal(400, { offset: ["A valid integer is required."] }, "list", 1)),
    "page/limit-list": answered(refusal(400, { limit: ["A valid integer is required."] }, "list", 1)),
    "page/stock-no-limit": answers(reasons.noDefaultLimit, success("list", 1, [1, 2, 3, 4, 5, 6].map(numbered))),

    "stream/cancel-two": {
      reason: reasons.cancelMeansAll,
      // A list that is asked for afterwards takes as long as the cancelled ones would have: none of their pages comes between its own.
      instead: (recorded) => [
        ...recorded.slice(0, 3),
        inAnyOrder(recorded.slice(3, 5)),
        inAnyOrder(recorded.slice(5, 7)),
        ...recorded.slice(7, -2),
        { send: '{"action":"list","request_id":4}' },
        ...[0, 2, 4].map((offset) => recv(success("list", 4, pageOfTwo(offset)))),
        END,
      ],
    },

    "action/return-none": from(
      1,
      reasons.everyRequestIsAnswered,
      recv(success("none", 1, null)),
      { send: '{"action":"echo_async","request_id":2}' },
      recv(echo(2)),
      END,
    ),
    "action/return-not-tuple": from(
      1,
      reasons.everyRequestIsAnswered,
      recv(success("just_data", 1, { a: 1 })),
      { send: '{"action":"a_list","request_id":2}' },
      recv(success("a_list", 2, [{ a: 1 }, 201])),
      { send: '{"action":"echo_async","request_id":3}' },
      recv(echo(3)),
      END,
    ),
    "action/tuple3": answers(reasons.everyRequestIsAnswered, success("tuple3", 1, [1, 2, 3])),
    "action/tuple1": answers(reasons.everyRequestIsAnswered, success("tuple1", 1, [1])),
    "action/unserialisable": answered(serverError("unserialisable", 1)),
    "action/missing-arg": answered(refusal(400, required("foo"), "needs_arg", 1)),
    "action/no-kwargs-signature": answered(success("no_kwargs", 1, {})),
    "action/detached-errors": {
      reason: reasons.everyRequestIsAnswered,
      instead: (recorded) => [
        ...recorded.slice(0, 5),
        {
          recvInAnyOrder: [serverError("detached_crash", 2), success("detached_none", 3, null), echo(4)].map((frame) =>
            JSON.stringify(frame),
          ),
        },
        END,
      ],
    },
    "action/close-code": from(1, reasons.closeReason, { close: 4123, reason: "bye" }),

    "error/dj_permission": answered(serverError("fail", 1)),
    "error/value_error": answered(serverError("fail", 1)),
    "error/timeout": answered(serverError("fail", 1)),
    "error/cancelled": {
      reason: reasons.crashIsNoAnswer,
      instead: (recorded) => [...recorded.slice(0, 2), recv(serverError("fail", 1)), recv(echo(2)), END],
    },

    "perm/can_connect-raises-NotAuthenticated": from(0, reasons.refusalStatus, { reject: 401 }),
    "perm/not-operator": from(0, reasons.notPermission, { send: '{"action":"echo_async","request_id":1}' }, recv(echo(1)), END),

    "view/list": from(
      3,
      reasons.viewGetsRequest,
      recv(success("create", 2, smallItem(6, "via-view", 3), 201)),
      { send: '{"action":"list","request_id":3}' },
      recv(success("list", 3, [...[1, 2, 3, 4, 5].map((n) => smallItem(n)), smallItem(6, "via-view", 3)])),
      END,
    ),
    "view/detail": {
      reason: reasons.viewGetsRequest,
      instead: (recorded) =>
        recorded.map((exchange, index) => {
          if (index === 5) return recv(success("update", 3, smallItem(1, "item1", 5)));
          return index === 7 ? recv(success("retrieve", 4, smallItem(1, "item1", 5))) : exchange;
        }),
    },
    "view/what-the-view-sees": {
      reason: reasons.viewGetsRequest,
      instead: (recorded) => {
        const seen = (method: string, rest: object) => ({ method, GET: {}, data: {}, kwargs: {}, user: "user1", ...rest });
        const answersByIndex = new Map<number, object>([
          [1, success("retrieve", 1, seen("GET", { GET: { a: ["1"], b: ["x", "y"] }, kwargs: { z: "1" } }))],
          [3, success("create", 2, seen("PUT", { data: { k: "v" } }))],
          [5, success("update", 3, seen("PATCH", { data: [1, 2] }))],
        ]);
        return recorded.map((exchange, index) => {
          const answer = answersByIndex.get(index);
          return answer === undefined ? exchange : recv(answer);
        });
      },
    },

    "demux/unknown-stream": notDelivered("nope", 404, "There is no stream of this name.", 1),
    "demux/no-payload": notDelivered("items", 400, NO_PAYLOAD),
    "demux/payload-list": notDelivered("items", 400, NO_PAYLOAD),
    "demux/stream-list": notDelivered(null, 400, 'Expected "stream" to be the name of a stream.'),
    "demux/invalid-json": notDelivered(null, 400, NO_FRAME),
    "demux/list-frame": notDelivered(null, 400, NO_FRAME),
    "demux/child-close": notDelivered("actions", 404, 'Stream "actions" is not open.', 3),
    "demux/child-bytes": answered(inStream("actions", serverError("send_bytes", 1))),
    "demux/one-denied": notDelivered("closed", 404, 'Stream "closed" is not open.', 2),
    "demux/immediate-send": {
      reason: reasons.sideBySide,
      instead: (recorded) => [...recorded.slice(0, 4), inAnyOrder(recorded), END],
    },
    "demux/slow-child": answers(reasons.slowStream, inStream("slow", echo(1))),

    ...subscriptionExceptions,
  }),
);
