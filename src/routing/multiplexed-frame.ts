import { type APIException, ParseError } from "../protocol/exceptions.ts";
import { encodeReply, parseFrame } from "../protocol/frames.ts";
import { echoableRequestId, type RequestId } from "../protocol/request-id.ts";
import { readJsonMembers } from "./json-members.ts";

/** A frame of channelsmultiplexer, taken apart. `payload` is the JSON text as it was sent; null when it is no object. */
export interface MultiplexedFrame {
  readonly stream: string | null;
  readonly payload: string | null;
}

/** Longest stream name that is echoed in an error. */
const MAX_STREAM_ECHO = 128;

/**
 * Finds `stream` and `payload` in a frame. The payload stays text: the stream's consumer parses it under its own limits, so every number
 * reaches it digit by digit.
 *
 * @throws ParseError (400) when the text is not one JSON object.
 */
export function splitMultiplexedFrame(text: string): MultiplexedFrame {
  const members = readJsonMembers(text);
  const stream = parseString(members.get("stream") ?? "null");
  const payload = members.get("payload") ?? "null";
  return { stream, payload: payload.startsWith("{") ? payload : null };
}

/** Wraps the frame of a stream's consumer, which is JSON text already. */
export function joinMultiplexedFrame(stream: string, payload: string): string {
  return `{"stream":${JSON.stringify(stream)},"payload":${payload}}`;
}

/** The answer to a frame that no stream takes: DCRF lets the whole socket die of it. */
export function multiplexedError(error: APIException, { stream, payload }: MultiplexedFrame): string {
  const echo = stream !== null && stream.length <= MAX_STREAM_ECHO ? JSON.stringify(stream) : "null";
  const reply = encodeReply({
    errors: error.errors,
    data: null,
    action: null,
    response_status: error.status,
    request_id: payload === null ? null : requestIdOf(payload),
  });
  return `{"stream":${echo},"payload":${reply}}`;
}

function requestIdOf(payload: string): RequestId {
  try {
    return echoableRequestId(parseFrame(payload)["request_id"]);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

function parseString(json: string): string | null {
  return json.startsWith('"') ? String(JSON.parse(json)) : null;
}
