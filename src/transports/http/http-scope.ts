import type { Identity, Scope, Session, User } from "../../protocol/scope.ts";
import { parseCookies } from "../../consumers/parse-cookies.ts";
import type { PeerAddress } from "../node-ws/websocket-scope.ts";

/** The scope of a request: a connection that carries one action. */
export class HttpScope implements Scope {
  readonly type = "http";
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly client: PeerAddress;
  readonly pathParams: Readonly<Record<string, string | number>>;
  readonly subprotocols: readonly string[] = [];
  readonly subprotocol: string | null;
  user: User | null = null;
  session: Session | null = null;
  private parsedCookies: Readonly<Record<string, string>> | null = null;

  constructor(request: Request, { url, client, pathParams, subprotocol }: RequestFacts) {
    this.url = url.pathname + url.search;
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = request.headers;
    this.client = client;
    this.pathParams = pathParams;
    this.subprotocol = subprotocol;
  }

  /** Fills in who asks; null is anonymous. */
  identify(identity: Identity | null): void {
    this.user = identity?.user ?? null;
    this.session = identity?.session ?? null;
  }

  get cookies(): Readonly<Record<string, string>> {
    this.parsedCookies ??= parseCookies(this.headers.get("cookie"));
    return this.parsedCookies;
  }
}

/** What a scope is made of besides the request. */
export interface RequestFacts {
  readonly url: URL;
  readonly client: PeerAddress;
  readonly pathParams: Readonly<Record<string, string | number>>;
  /** The layout of the frames that are read from the consumer. */
  readonly subprotocol: string | null;
}
