import type { IncomingMessage, ServerResponse } from "node:http";
import type { ExplorerSite } from "./explorer-site.ts";

/** The explorer's pages on Node's own requests. */
export interface ExplorerHttp {
  /** Resolves with false, and touches nothing, when the path is not the explorer's: for `serve({ http })` and Fastify. */
  (request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Calls `next` then: for Express. */
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
}

/** Puts the explorer's pages before Node's own requests. */
export function explorerHttp(site: ExplorerSite): ExplorerHttp {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const asked = toRequest(request);
    const { remoteAddress = "", remotePort = 0 } = request.socket;
    const answered = asked === null ? null : await site.answer(asked, { address: remoteAddress, port: remotePort });
    if (answered === null) return false;
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(new Uint8Array(await answered.arrayBuffer()));
    return true;
  };
  function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  function handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
  function handle(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): unknown {
    const answered = answer(request, response);
    return next === undefined ? answered : answered.then((isTaken) => (isTaken ? undefined : next()), next);
  }
  return handle;
}

/** Null for what cannot lead to the explorer. */
function toRequest({
  url = "",
  originalUrl,
  method = "GET",
  rawHeaders,
}: IncomingMessage & { originalUrl?: string }): Request | null {
  const target = originalUrl ?? url;
  // The host is told by its header alone: in the target it is the client's word.
  if (!target.startsWith("/") || !URL.canParse(`http://localhost${target}`) || UNKNOWN_METHODS.has(method)) return null;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    // HTTP/2 says the host so.
    if (name === ":authority") headers.set("host", value);
    else if (!name.startsWith(":")) headers.append(name, value);
  }
  return new Request(`http://localhost${target}`, { method, headers });
}

/** Methods that a `Request` cannot have. */
const UNKNOWN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
