import type { Scope, User } from "../../src/protocol/scope.ts";

/** A handshake of `user`, or of nobody. */
export function scopeOf(user: User | null, address = "192.0.2.1"): Scope {
  return {
    type: "websocket",
    url: "/ws/",
    path: "/ws/",
    pathParams: {},
    query: new URLSearchParams(),
    headers: new Headers(),
    cookies: {},
    client: { address, port: 4000 },
    subprotocols: [],
    subprotocol: null,
    user,
    session: null,
  };
}
