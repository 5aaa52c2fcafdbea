import type { Identity, Scope } from "../protocol/scope.ts";

export type { Identity };

/** What is known of a client before anybody asked who it is. */
export type HandshakeRequest = Omit<Scope, "user" | "session" | "subprotocol">;

/**
 * Says who opens a connection; null is anonymous. Throw an `APIException` (`AuthenticationFailed`, say) to refuse the handshake with its status;
 * anything else that it throws is logged and refuses with 500.
 */
export type Authenticate = (request: HandshakeRequest) => Identity | null | Promise<Identity | null>;
