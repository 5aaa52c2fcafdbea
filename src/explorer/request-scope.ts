import { parseCookies } from "../consumers/parse-cookies.ts";
import type { Identity, Scope, Session, User } from "../protocol/scope.ts";

/** Who sent a request. */
export interface RequestClient {
  readonly address: string;
  readonly port: number;
}

/** A request for the page or the contract, as `authenticate` and permissions see it. */
export class RequestScope implements Scope {
  readonly type = "http";
  readonly url: string;
  readonly path: string;
  readonly pathParams = {};
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly cookies: Readonly<Record<string, string>>;
  readonly client: RequestClient;
  readonly subprotocols: readonly string[] = [];
  readonly subprotocol = null;
  user: User | null = null;
  session: Session | null = null;

  constructor({ headers }: Request, url: URL, client: RequestClient) {
    this.url = url.pathname + url.search;
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = headers;
    this.cookies = parseCookies(headers.get("cookie"));
    this.client = client;
  }

  /** Fills in who asks; null is anonymous. */
  identify(identity: Identity | null): void {
    this.user = identity?.user ?? null;
    this.session = identity?.session ?? null;
  }
}
