import type { Exchange } from "./exchanges.ts";
import { ERROR_ID } from "./lab-server.ts";
import type { ExpectedExchange } from "./replay-case.ts";

/** Why Restwave answers otherwise than the recorded server; PROTOCOL.md states each as a rule. */
export const reasons = {
  crashIsNoAnswer:
    "A crash is not an answer: bad input gets 400, 404 or 405, a failure of the application 500 with an id, and the socket lives.",
  everyRequestIsAnswered:
    "Every request is answered: an action that returns nothing, or no pair, answers 200 with its data or null.",
  cancelMeansAll: "list_cancel cancels all streams, not every second one.",
  notJson: "NaN and Infinity are not JSON: 400.",
  boundedRequestId: "A request_id is bounded: 400.",
  frameLimit: "A frame over the limit is closed with 1009, so that the client can tell why.",
  invalidText: "Invalid UTF-8 is closed with 1007 (RFC 6455 section 8.1).",
  closeReason: "A close's reason is sent (RFC 6455).",
  notPermission: "`not` of a permission negates hasPermission only; otherwise nobody could connect.",
  refusalStatus: "A failing canConnect refuses with its own status, as it does for actions.",
  noDefaultLimit: "Without a default limit and without a limit the list is answered whole (DRF's own rule).",
  viewGetsRequest: "A view gets the frame as an HTTP request: data is its body, parameters and query are text in its URL.",
  multiplexerAnswers: "A malformed or unknown multiplexed frame is answered in a frame of the same form, and the socket lives.",
  sideBySide: "Streams run side by side: answers of different streams come in the order in which their requests finish.",
  slowStream: "A frame for a stream that is still connecting is delivered when it has connected.",
  deniedMeansDenied: "Of an event that the permissions refuse nothing is delivered.",
  netChange: "Of one transaction a subscriber gets the net change of a row.",
  committedOnly:
    "What was never committed is shown to nobody: a row that is changed and deleted at once is deleted as it was before.",
  allChangesAreSeen: "Every committed change is seen, also those of bulk updates and of querysets.",
  visibleRows: "A row that leaves what the subscriber may see is deleted, one that comes back is created.",
  unsubscribingEnds: "Unsubscribing unsubscribes, also before the first event, and nothing is kept of the subscription.",
  deletedLookup: "A delete event carries the lookup field too, where that is not the primary key.",
  linksAreRows: "A link that is there already, or that was not there, is no change; one that goes with its tag is.",
  idsAreJson: "Request ids are the same where their JSON is: null is one, and true is not 1.",
  toldLater: "PostgreSQL tells of a commit when it is over: the answer to the next request may go before the event.",
  handlersFailAlone: "An observer's handler that fails is logged, and the socket lives.",
} as const;

/** One difference from the recording, on purpose. */
export interface Exception {
  readonly reason: string;
  /** What Restwave does instead, from the recorded exchanges. */
  readonly instead: (recorded: readonly Exchange[]) => readonly ExpectedExchange[];
}

export const END: ExpectedExchange = { end: "open" };

export const recv = (frame: object): ExpectedExchange => ({ recv: JSON.stringify(frame) });

export function success(action: string, requestId: unknown, data: unknown, status = 200): object {
  return { errors: [], data, action, response_status: status, request_id: requestId };
}

export function refusal(status: number, error: unknown, action: unknown, requestId: unknown): object {
  return { errors: [error], data: null, action, response_status: status, request_id: requestId };
}

export function serverError(action: string, requestId: unknown): object {
  return { ...refusal(500, `A server error occurred. Error id: ${ERROR_ID}`, action, requestId), error_id: ERROR_ID };
}

export const required = (field: string) => ({ [field]: ["This field is required."] });
export const badJson = refusal(400, "JSON parse error: expected one JSON value in a text frame.", null, null);

/** The recorded server closed; here these frames come, and the socket stays open. */
export function answers(reason: string, ...frames: readonly object[]): Exception {
  return {
    reason,
    instead: (recorded) => [...recorded.slice(0, recorded.findIndex(isClose)), ...frames.map(recv), END],
  };
}

const isClose = (exchange: Exchange): boolean => exchange.close !== undefined;

export const answered = (...frames: readonly object[]) => answers(reasons.crashIsNoAnswer, ...frames);

/** The recorded steps from `index` on are these instead. */
export function from(index: number, reason: string, ...steps: readonly ExpectedExchange[]): Exception {
  return { reason, instead: (recorded) => [...recorded.slice(0, index), ...steps] };
}

/** Streams run side by side: nothing is promised of the order between them. */
export const inAnyOrder = (steps: readonly Exchange[]): ExpectedExchange => ({
  recvInAnyOrder: steps.flatMap(({ recv }) => recv ?? []),
});
