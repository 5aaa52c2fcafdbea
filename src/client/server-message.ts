import { parseJson, encodeJson } from "../protocol/json.ts";

/** A frame of the server, as far as it could be read: an answer, or an event of a subscription. */
export interface ServerFrame {
  readonly action: unknown;
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly status: number;
  readonly requestId: unknown;
  /** Undefined: the server tells none. Null: more of the same transaction follows. */
  readonly position: string | null | undefined;
  readonly index: number | undefined;
  readonly isReset: boolean;
  readonly pkField: string | undefined;
  readonly errorId: string | null;
}

/** What one message of the server holds. */
export interface ServerMessage {
  readonly frames: readonly ServerFrame[];
  /** For `restwave.v1`: the number of this message among those that hold events, and how far the socket is; null for answers. */
  readonly joined: { readonly seq: number; readonly position: string | null } | null;
}

/** A request as text; with a stream, as a multiplexer takes it. */
export function encodeRequest(stream: string | null, payload: Readonly<Record<string, unknown>>): string {
  return encodeJson(stream === null ? payload : { stream, payload });
}

/** Null when the text is not JSON. */
export function readMessage(text: string): ServerMessage | null {
  const found = tryParse(text);
  if (found === null) return null;
  const { events, seq } = found;
  if (Array.isArray(events)) {
    const joined = { seq: Number(seq), position: textOf(found["position"]) };
    return { frames: events.map((event) => frameOf(recordOf(event))), joined };
  }
  return { frames: [frameOf(found)], joined: null };
}

function tryParse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return recordOf(parseJson(text));
  } catch {
    return null;
  }
}

function frameOf(found: Readonly<Record<string, unknown>>): ServerFrame {
  const payload = "stream" in found && "payload" in found ? recordOf(found["payload"]) : found;
  const { action, errors, data, response_status: status, request_id: requestId, position, index, reset } = payload;
  return {
    action,
    errors: Array.isArray(errors) ? errors : [],
    data,
    status: Number(status),
    requestId,
    position: position === undefined ? undefined : textOf(position),
    index: typeof index === "number" ? index : undefined,
    isReset: reset === true,
    pkField: textOf(payload["pk_field"]) ?? undefined,
    errorId: textOf(payload["error_id"]),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
