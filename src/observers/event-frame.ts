import { encodeJson } from "../protocol/json.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** What an event says, all but to whom. */
export interface EventContent {
  readonly action: string;
  readonly status: number;
  /** Finished JSON. */
  readonly data: string;
  readonly index?: number | undefined;
  /** Is `data` all there is to see, in place of what was known before? */
  readonly isReset?: boolean;
}

/** An event without its reader: what stands before the request id, and behind the position. */
export interface OpenEvent {
  readonly head: string;
  readonly tail: string;
}

/** An event in the form of an answer (DCRF), with the subscription's request id; `position`, `index` and `reset` follow the five keys. */
export function encodeEvent(content: EventContent & { readonly position: string }, requestId: RequestId): string {
  return closeEvent(openEvent(content), encodeJson(requestId), content.position);
}

/** What is the same for everybody who gets an event. */
export function openEvent({ action, status, data, index, isReset }: EventContent): OpenEvent {
  const head = `{"errors":[],"data":${data},"action":"${action}","response_status":${status},"request_id":`;
  const place = index === undefined ? "" : `,"index":${index}`;
  return { head, tail: `${place}${isReset === true ? ',"reset":true' : ""}}` };
}

/** @param requestId finished JSON. @param position where a subscriber stands that has this event; null: with a part of a transaction, nowhere. */
export function closeEvent({ head, tail }: OpenEvent, requestId: string, position: string | null): string {
  return `${head}${requestId},"position":${position === null ? "null" : `"${position}"`}${tail}`;
}

/** All events of one transaction for one socket that speaks `restwave.v1`. */
export function encodeEvents(frames: readonly string[], position: string | null, sequence: number): string {
  const place = position === null ? "null" : `"${position}"`;
  return `{"events":[${joined(frames)}],"position":${place},"seq":${sequence}}`;
}

let last: { readonly frames: readonly string[]; readonly text: string } = { frames: [], text: "" };

/** Sockets are told one after another of the same transaction: what is the same for them is joined once. */
function joined(frames: readonly string[]): string {
  if (frames.length < 2) return frames[0] ?? "";
  if (last.frames.length !== frames.length || frames.some((frame, index) => frame !== last.frames[index]))
    last = { frames, text: frames.join(",") };
  return last.text;
}
