import { encodeJson, JsonText, parseJson } from "../protocol/json.ts";

/**
 * What an action answers. The data may be held as finished JSON text; `data` gives it as a value, parsed when first asked for.
 * Build one with {@link reply}.
 */
export class Reply<T> {
  readonly status: number;
  /** The data as it will be written: a value, or a value with {@link JsonText} in it. */
  content: unknown;
  /** Keys of the frame after the five that every answer has: `position`, `reset`. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(content: unknown, status: number, extra?: Readonly<Record<string, unknown>>) {
    this.content = content;
    this.status = status;
    this.extra = extra;
  }

  /** The same answer with further keys. */
  with(extra: Readonly<Record<string, unknown>> | undefined): Reply<T> {
    return new Reply<T>(this.content, this.status, { ...this.extra, ...extra });
  }

  /** The data. A change that is made to it is sent. */
  get data(): T {
    if (holdsText(this.content)) this.content = parseJson(encodeJson(this.content));
    // The one who built the reply said what it holds; here it has only changed its form.
    return this.content as T;
  }
}

function holdsText(content: unknown): boolean {
  if (content instanceof JsonText) return true;
  if (typeof content !== "object" || content === null || Array.isArray(content)) return false;
  return Object.values(content).some((value) => value instanceof JsonText);
}

/**
 * The answer of an action: `return reply({ sent: true })`, or with a status: `return reply(row, 201)`. Status defaults to 200.
 */
export function reply<T>(data: T, status = 200): Reply<T> {
  return new Reply<T>(data, status);
}

/** An answer whose data is finished JSON, or an object that has finished JSON under some of its keys. `extra` keys follow the five of every answer. */
export function replyWithData<T>(
  content: JsonText | object | null,
  status = 200,
  extra?: Readonly<Record<string, unknown>>,
): Reply<T> {
  return new Reply<T>(content, status, extra);
}

/** Returned by an action that has answered by itself, through `this.reply(...)` or `this.sendJson(...)`: nothing more is sent. */
export const noReply: unique symbol = Symbol("restwave.noReply");
