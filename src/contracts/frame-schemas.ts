import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ActionContract } from "./contract.ts";
import { objectSchema } from "./object-schema.ts";

const REQUEST_ID: JsonSchema = {
  type: ["string", "number", "boolean", "null"],
  description: "Comes back in the answer as it was sent; a string of at most 128 bytes.",
};
const IDEMPOTENCY_KEY: JsonSchema = {
  type: "string",
  minLength: 1,
  maxLength: 128,
  description: "A request that is sent again under the same key is run once.",
};
const POSITION: JsonSchema = {
  type: ["string", "null"],
  description: "Where in the subscription this is; send it as `since` to resume.",
};

/** A frame as a socket carries it: that of a multiplexed one is wrapped with the name of its stream. */
export function framed(frame: JsonSchema, stream: string | null): JsonSchema {
  return stream === null ? frame : objectSchema({ stream: { const: stream }, payload: frame });
}

/** A request: the arguments of the action, its name and the request's id in one object. */
export function requestFrame({ name, input, idempotent }: ActionContract): JsonSchema {
  const envelope = {
    action: { const: name },
    request_id: REQUEST_ID,
    ...(idempotent ? { idempotency_key: IDEMPOTENCY_KEY } : {}),
  };
  const { properties, required, ...rest } = input;
  if (!isPlainObject(input)) return { allOf: [objectSchema(envelope, ["action"]), input] };
  return {
    ...rest,
    type: "object",
    properties: { ...envelope, ...Object(properties) },
    required: ["action", ...(Array.isArray(required) ? required : [])],
  };
}

/** Can the keys of the envelope be put among its properties? */
function isPlainObject(input: JsonSchema): boolean {
  return input["type"] === "object" && !["$ref", "allOf", "anyOf", "oneOf", "not", "if"].some((keyword) => keyword in input);
}

/** A successful answer, or one item of a stream (status 206). */
export function replyFrame(action: string, data: JsonSchema, status: number, isStart = false): JsonSchema {
  return objectSchema(
    {
      errors: { type: "array", maxItems: 0 },
      data,
      action: { const: action },
      response_status: { const: status },
      request_id: REQUEST_ID,
      ...(isStart ? { position: POSITION, reset: { type: "boolean" }, pk_field: { type: "string" } } : {}),
    },
    ANSWER,
  );
}

/** A change that a subscription is told of. `action` is what happened. */
export function eventFrame(action: string, data: JsonSchema): JsonSchema {
  const index = { type: "integer", minimum: 0, description: "Where the row stands in an ordered list." };
  return objectSchema(
    {
      errors: { type: "array", maxItems: 0 },
      data,
      action: { const: action },
      response_status: { const: action === "delete" ? 204 : 200 },
      request_id: REQUEST_ID,
      position: POSITION,
      ...(action === "delete" ? {} : { index }),
    },
    [...ANSWER, "position"],
  );
}

const ANSWER = ["errors", "data", "action", "response_status", "request_id"];

/** A failed request: `errors` holds messages, or one object of messages by field. */
export const ERROR_FRAME: JsonSchema = objectSchema(
  {
    errors: { type: "array", minItems: 1, items: { anyOf: [{ type: "string" }, { type: "object" }] } },
    data: { type: "null" },
    action: { type: ["string", "number", "boolean", "null"] },
    response_status: { type: "integer", minimum: 400, maximum: 599 },
    request_id: REQUEST_ID,
    error_id: { type: "string", description: "Under which the server's log has it." },
  },
  ANSWER,
);

/** Under the sub-protocol `restwave.v1`: all events of one transaction for one socket. */
export const EVENTS_FRAME: JsonSchema = objectSchema({
  events: { type: "array", items: { type: "object" } },
  position: { type: ["string", "null"] },
  seq: { type: "integer", description: "Goes up by one with each such frame of the socket." },
});
