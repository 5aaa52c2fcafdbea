import { quoteForShell } from "./quote-for-shell.ts";
import { requestFrame } from "./request-frame.ts";
import type { SnippetRequest } from "./snippet-request.ts";
import { socketUrl } from "./socket-url.ts";

/** What has more than one answer is held open. Pages that are streamed have an end under `restwave.v1` alone. */
export function wscatCode(request: SnippetRequest): string {
  const { kind } = request.action;
  const words = [
    "npx wscat",
    `-c ${quoteForShell(socketUrl(request))}`,
    ...(kind === "streaming" ? ["-s restwave.v1"] : []),
    ...(kind === "action" ? [] : ["-w -1"]),
    `-x ${quoteForShell(JSON.stringify(requestFrame(request)))}`,
  ];
  return words.join(" ");
}
