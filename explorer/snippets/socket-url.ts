import type { SnippetRequest } from "./snippet-request.ts";

/** The URL of the request's socket. */
export function socketUrl({ origin, path }: Pick<SnippetRequest, "origin" | "path">): string {
  return new URL(`/${path.replace(/^\/+/, "")}`, origin.replace(/^http/, "ws")).href;
}
