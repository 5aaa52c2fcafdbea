/**
 * Augment this interface to give `scope.user` and `scope.session` your own types:
 *
 * ```ts
 * declare module "restwave" {
 *   interface Register { user: { id: number; isStaff: boolean }; session: { theme: string } }
 * }
 * ```
 */
// eslint-disable-next-line typescript/no-empty-interface
export interface Register {}

/** What is known of a user by default: anything with a primary key. `isActive`, `isStaff` are read by the stock permissions. */
export interface DefaultUser {
  readonly id: number | string | bigint;
  readonly isActive?: boolean;
  readonly isStaff?: boolean;
}

export type User = Register extends { user: infer U } ? U : DefaultUser;
export type Session = Register extends { session: infer S } ? S : Readonly<Record<string, unknown>>;

/** Who a client is. */
export interface Identity {
  /** Becomes `scope.user`. */
  readonly user: User | null;
  /** Becomes `scope.session`. Default null. */
  readonly session?: Session | null;
}

/**
 * What a connection knows of its handshake: Channels' `scope`. One object per socket; streams of one multiplexed socket share it. Over HTTP each
 * request is a connection of its own.
 */
export interface Scope {
  /** What carries the connection. */
  readonly type: "websocket" | "http";
  /** The request target as sent: path and query. */
  readonly url: string;
  /** The path alone, percent-encoded as sent. */
  readonly path: string;
  /** What the route captured: `path("rooms/<int:pk>/")` gives `{ pk: 3 }`, a named group of `rePath` gives a string. */
  readonly pathParams: Readonly<Record<string, string | number>>;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Headers;
  /** Parsed `Cookie` header, percent-decoded. */
  readonly cookies: Readonly<Record<string, string>>;
  /** The peer's address; behind a trusted proxy, the address that the proxy names. */
  readonly client: { readonly address: string; readonly port: number };
  /** The sub-protocols that the client offered, in its order. */
  readonly subprotocols: readonly string[];
  /** The sub-protocol that was agreed on, or null. */
  readonly subprotocol: string | null;
  /** Who is connected; null is anonymous. Filled by the server's `authenticate` hook. */
  user: User | null;
  /** What the `authenticate` hook gave as session, or null. */
  session: Session | null;
}
