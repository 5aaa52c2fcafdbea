import { ParseError } from "./exceptions.ts";
import { encodeJson, parseJson } from "./json.ts";
import type { RequestId } from "./request-id.ts";

/** The five keys of every answer and event, in the order they are sent. */
export interface ReplyFrame {
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly action: ActionEcho;
  readonly response_status: unknown;
  readonly request_id: RequestId;
}

/** What came as `action` where it can be echoed: a name, or the scalar that was sent in its place. */
export type ActionEcho = string | number | boolean | null;

/** Longest text that is echoed as `action`. */
export const MAX_ACTION_ECHO = 128;

/**
 * Parses one text frame.
 *
 * @throws ParseError (400) when it is not JSON, too deep, or not an object.
 */
export function parseFrame(text: string, maxDepth?: number): Record<string, unknown> {
  const value = parseJson(text, maxDepth);
  if (isObject(value)) return value;
  throw new ParseError(`A frame must be a JSON object, but got ${describeJson(value)}.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON name of a value's type, for messages to a client. */
export function describeJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return `a ${typeof value === "bigint" ? "number" : typeof value}`;
}

/** Writes an answer. `extra` keys follow the five that DCRF has. */
export function encodeReply(frame: ReplyFrame, extra?: Readonly<Record<string, unknown>>): string {
  const errors = frame.errors.length === 0 ? "[]" : encodeJson(frame.errors);
  const head = `{"errors":${errors},"data":${encodeJson(frame.data)},"action":${encodeEcho(frame.action)}`;
  const tail = `,"response_status":${encodeJson(frame.response_status)},"request_id":${encodeJson(frame.request_id)}`;
  if (extra === undefined) return `${head}${tail}}`;
  return `${head}${tail}${encodeExtra(extra)}}`;
}

function encodeExtra(extra: Readonly<Record<string, unknown>>): string {
  return Object.entries(extra)
    .map(([key, value]) => `,${JSON.stringify(key)}:${encodeJson(value)}`)
    .join("");
}

const echoes = new Map<string, string>();
const MAX_CACHED_ECHOES = 1000;

function encodeEcho(action: ActionEcho): string {
  if (typeof action !== "string") return JSON.stringify(action);
  const known = echoes.get(action);
  if (known !== undefined) return known;
  const text = JSON.stringify(action);
  if (echoes.size < MAX_CACHED_ECHOES) echoes.set(action, text);
  return text;
}

/** What of a frame's `action` may be echoed: a scalar, and of strings those of at most 128 characters. */
export function echoableAction(value: unknown): ActionEcho {
  if (typeof value === "string") return value.length <= MAX_ACTION_ECHO ? value : null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return null;
}
