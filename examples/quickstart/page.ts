import type { IncomingMessage, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const files = new Map([
  ["/", { file: "index.html", type: "text/html; charset=utf-8" }],
  ["/page.css", { file: "page.css", type: "text/css; charset=utf-8" }],
  ["/page.js", { file: "page.js", type: "text/javascript; charset=utf-8" }],
]);

/** Nothing but this server's own files, and the socket back to it. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** Answers the page and its two files; false for every other request. */
export async function servePage(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const found = files.get((request.url ?? "/").split("?", 1)[0] ?? "/");
  if (found === undefined || (request.method !== "GET" && request.method !== "HEAD")) return false;
  const body = await readFile(join(import.meta.dirname, "page", found.file));
  response
    .writeHead(200, { ...headers, "content-type": found.type, "content-length": body.length })
    .end(request.method === "HEAD" ? undefined : body);
  return true;
}
