import type { IncomingMessage } from "node:http";
import type { OwnOrigin } from "./origin.ts";

/**
 * The server's origin as the client of this request sees it. A trusted proxy says it (`X-Forwarded-Host`, `X-Forwarded-Proto`). Without one a TLS
 * socket is https; a plain socket may still be the end of an https connection, so its scheme is unknown.
 */
export function ownOrigin({ headers, socket }: IncomingMessage, trustProxy: boolean): OwnOrigin {
  const host = trustProxy ? (headers["x-forwarded-host"] ?? headers.host) : headers.host;
  const scheme = trustProxy ? toScheme(firstOf(headers["x-forwarded-proto"])) : schemeOf(socket);
  return { host: firstOf(host) ?? "", scheme };
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(",")[0]?.trim();
}

/** Some proxies name the scheme of the socket, others that of the page. */
function toScheme(forwarded: string | undefined): OwnOrigin["scheme"] {
  const name = forwarded?.toLowerCase();
  if (name === "https" || name === "wss") return "https";
  return name === "http" || name === "ws" ? "http" : null;
}

function schemeOf(socket: IncomingMessage["socket"]): OwnOrigin["scheme"] {
  return "encrypted" in socket && socket.encrypted === true ? "https" : null;
}
