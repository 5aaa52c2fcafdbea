import type { IncomingMessage } from "node:http";
import type { Identity, Scope, Session, User } from "../../protocol/scope.ts";
import { parseCookies } from "../../consumers/parse-cookies.ts";
import { parseSubprotocols } from "./subprotocols.ts";

/** The address and port of a peer. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

/** What a scope is made of. `headerLines` are `name: value` lines joined by line feeds, as {@link toHeaderLines} gives them. */
export interface HandshakeFacts {
  readonly url: string;
  readonly headerLines: string;
  readonly client: PeerAddress;
}

/**
 * The scope of a connection. It is kept for as long as the socket lives, so it holds the handshake as two strings and parses what is asked
 * for when it is first asked for.
 */
export class WebsocketScope implements Scope {
  readonly url: string;
  readonly client: PeerAddress;
  pathParams: Readonly<Record<string, string | number>> = noParams;
  subprotocol: string | null = null;
  user: User | null = null;
  session: Session | null = null;
  private readonly headerLines: string;
  private parsedQuery: URLSearchParams | null = null;
  private parsedHeaders: Headers | null = null;
  private parsedCookies: Readonly<Record<string, string>> | null = null;

  constructor(facts: HandshakeFacts) {
    this.url = facts.url;
    this.client = facts.client;
    this.headerLines = facts.headerLines;
  }

  /** Fills in who is connected; null is anonymous. */
  identify(identity: Identity | null): void {
    this.user = identity?.user ?? null;
    this.session = identity?.session ?? null;
  }

  get type(): "websocket" {
    return "websocket";
  }

  get path(): string {
    return pathOf(this.url);
  }

  get query(): URLSearchParams {
    this.parsedQuery ??= new URLSearchParams(this.url.slice(this.path.length));
    return this.parsedQuery;
  }

  get headers(): Headers {
    this.parsedHeaders ??= parseHeaderLines(this.headerLines);
    return this.parsedHeaders;
  }

  get cookies(): Readonly<Record<string, string>> {
    this.parsedCookies ??= parseCookies(this.headers.get("cookie"));
    return this.parsedCookies;
  }

  get subprotocols(): readonly string[] {
    return parseSubprotocols(this.headers.get("sec-websocket-protocol"));
  }
}

const noParams: Readonly<Record<string, never>> = Object.freeze({});

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

/** The headers of a request as one flat string: a tenth of the memory of the request itself. */
export function toHeaderLines(request: IncomingMessage): string {
  const { rawHeaders } = request;
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) lines.push(`${rawHeaders[index]}:${rawHeaders[index + 1]}`);
  return lines.join("\n");
}

function parseHeaderLines(lines: string): Headers {
  const headers = new Headers();
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) append(headers, line.slice(0, colon), line.slice(colon + 1));
  }
  return headers;
}

/** Several Cookie headers are one list (RFC 9113 section 8.2.3); every other header is joined by commas. */
function append(headers: Headers, name: string, value: string): void {
  const lowered = name.toLowerCase();
  const before = lowered === "cookie" ? headers.get(lowered) : null;
  if (before === null) headers.append(lowered, value);
  else headers.set(lowered, `${before}; ${value}`);
}
