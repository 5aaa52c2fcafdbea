import type { IncomingMessage, ServerResponse } from "node:http";

/** Sends who opens the server's address on to its explorer; false for every other request. */
export function toExplorer({ url = "/" }: IncomingMessage, response: ServerResponse): boolean {
  if (url.split("?", 1)[0] !== "/") return false;
  response.writeHead(302, { location: "/explorer/" }).end();
  return true;
}
