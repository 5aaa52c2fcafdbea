import { isObject, type JsonObject, tryParse } from "./json.ts";

/** A request as it left this page, without the envelope of a multiplexed socket. */
export interface SentRequest {
  readonly stream: string | null;
  readonly action: string;
  readonly requestId: unknown;
  readonly payload: JsonObject;
  readonly at: number;
}

/** One frame of the server: an answer, or an event. */
export interface ServerFrame {
  readonly stream: string | null;
  readonly action: unknown;
  readonly status: number;
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly requestId: unknown;
  readonly position: string | null;
  readonly payload: JsonObject;
}

/** Null for a text that is no request. */
export function readRequest(text: string, at: number): SentRequest | null {
  const found = unwrapped(tryParse(text));
  if (found === null) return null;
  const { stream, payload } = found;
  const { action, request_id: requestId } = payload;
  return typeof action === "string" ? { stream, action, requestId, payload, at } : null;
}

/** All frames that a message of the server holds. */
export function readServerFrames(text: string): readonly ServerFrame[] {
  const found = tryParse(text);
  if (!isObject(found)) return [];
  const { events } = found;
  const held: readonly unknown[] = Array.isArray(events) ? events : [found];
  return held.map(frameOf).filter((frame) => frame !== null);
}

function frameOf(value: unknown): ServerFrame | null {
  const found = unwrapped(value);
  if (found === null) return null;
  const { stream, payload } = found;
  const { action, errors, data, response_status: status, request_id: requestId, position } = payload;
  return {
    stream,
    action,
    status: Number(status),
    errors: Array.isArray(errors) ? errors : [],
    data,
    requestId,
    position: typeof position === "string" ? position : null,
    payload,
  };
}

function unwrapped(value: unknown): { readonly stream: string | null; readonly payload: JsonObject } | null {
  if (!isObject(value)) return null;
  const { stream, payload } = value;
  if (typeof stream === "string" && isObject(payload)) return { stream, payload };
  return { stream: null, payload: value };
}
