import type { MessageArguments } from "../protocol/arguments.ts";
import { encodeJson } from "../protocol/json.ts";

const MAX_LENGTH = 500;
const ENVELOPE: ReadonlySet<string> = new Set(["action", "request_id", "idempotency_key"]);

/** The arguments of a request without its envelope; what is long is cut. */
export function shownArguments(args: MessageArguments): Readonly<Record<string, unknown>> {
  const own = Object.entries(args).filter(([name]) => !ENVELOPE.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, cut(value)]));
}

function cut(value: unknown): unknown {
  const text = encodeJson(value);
  return text.length <= MAX_LENGTH ? value : `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}
