import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { encodeJson, parseJson } from "../protocol/json.ts";

/** What travels over a channel layer: a plain JSON object. `type` says what it is, such as `"chat.message"`. */
export interface ChannelMessage {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * A message as the layer hands it out: a copy in JSON's own values that nobody can change, so one copy serves every receiver.
 *
 * @throws ImproperlyConfigured when it has no `type`, UnserializableError for what JSON cannot hold.
 */
export function sealMessage(message: ChannelMessage): ChannelMessage {
  const copy: unknown = freeze(parseJson(encodeJson(message), Infinity));
  if (isMessage(copy)) return copy;
  throw new ImproperlyConfigured(`Expected a channel message such as { type: "chat.message", ... }, got one without a type.`);
}

function isMessage(value: unknown): value is ChannelMessage {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function freeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
