import type { MessageArguments } from "../protocol/arguments.ts";
import { printActionName } from "../protocol/action-name.ts";
import { MethodNotAllowed } from "../protocol/exceptions.ts";
import { describeJson } from "../protocol/frames.ts";

/** The arguments alone, for a schema that may refuse what it does not know. */
export function withoutEnvelope(args: MessageArguments): MessageArguments {
  const { action: _action, request_id: _requestId, ...rest } = args;
  return rest;
}

/** @throws MethodNotAllowed (405) for an object or a list. */
export function requireActionName(name: unknown): string {
  if (typeof name !== "object" || name === null) return printActionName(name);
  throw new MethodNotAllowed("", `Action must be a string, but got ${describeJson(name)}.`);
}

/** A name that is short enough to be said in an error. */
export function clipActionName(name: string): string {
  return name.length <= 128 ? name : `${name.slice(0, 128)}…`;
}
