import { encodeJson, parseJson } from "../../protocol/json.ts";

/** The id under which the one request of an HTTP connection is sent to its consumer. */
export const REQUEST_ID = "http";

/** What a consumer's frame says. */
export interface AnswerFrame {
  readonly action: string;
  readonly status: number;
  /** Finished JSON. */
  readonly data: string;
  readonly errors: readonly unknown[];
  /** Where a subscriber stands; null in the middle of a transaction. */
  readonly position: string | null;
  /** Is the data all there is, in place of what was known before? */
  readonly isReset: boolean;
  /** Was it answered before, under the same idempotency key? */
  readonly isReplayed: boolean;
  readonly errorId: string | null;
  /** The frame itself. */
  readonly text: string;
}

const SUCCESS = '{"errors":[],"data":';

/** Reads a frame. @returns null for one that does not answer the request. */
export function readAnswer(text: string): AnswerFrame | null {
  return readQuickly(text) ?? readWhole(text);
}

/** Takes the data of a success out as it is: it may be long, and a number keeps its digits. */
function readQuickly(text: string): AnswerFrame | null {
  if (!text.startsWith(SUCCESS)) return null;
  const end = text.lastIndexOf(',"action":');
  if (end < SUCCESS.length) return null;
  const rest = parseObject(`{${text.slice(end + 1)}`);
  // What an application added behind the five keys may hold an "action" too.
  return rest === null || !Object.hasOwn(rest, "response_status") ? null : toAnswer(rest, text.slice(SUCCESS.length, end), text);
}

function readWhole(text: string): AnswerFrame | null {
  const frame = parseObject(text);
  return frame === null ? null : toAnswer(frame, encodeJson(frame["data"]), text);
}

function toAnswer(frame: Readonly<Record<string, unknown>>, data: string, text: string): AnswerFrame | null {
  const { action, response_status: status, errors, position, error_id: errorId } = frame;
  if (frame["request_id"] !== REQUEST_ID) return null;
  return {
    action: typeof action === "string" ? action : "",
    status: typeof status === "number" && Number.isInteger(status) && status >= 200 && status <= 599 ? status : 500,
    data,
    errors: Array.isArray(errors) ? errors : [],
    position: typeof position === "string" ? position : null,
    isReset: frame["reset"] === true,
    isReplayed: frame["replayed"] === true,
    errorId: typeof errorId === "string" ? errorId : null,
    text,
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
