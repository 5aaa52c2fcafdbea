import type { SnippetRequest } from "./snippet-request.ts";

/** The frame that is sent over the socket. */
export function requestFrame({ stream, action, args }: SnippetRequest): Readonly<Record<string, unknown>> {
  const head = { action: action.name, request_id: 1 };
  const request = { ...head, ...args, ...head };
  return stream === null ? request : { stream, payload: request };
}
