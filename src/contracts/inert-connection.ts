import type { Connection } from "../consumers/connection.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import type { Scope } from "../protocol/scope.ts";

/** A connection of nobody, which carries nothing: an instance of a consumer over it can be looked at, never called. */
export class InertConnection implements Connection {
  readonly settings: ConsumerSettings;
  readonly scope: Scope = {
    type: "websocket",
    url: "/",
    path: "/",
    pathParams: {},
    query: new URLSearchParams(),
    headers: new Headers(),
    cookies: {},
    client: { address: "", port: 0 },
    subprotocols: [],
    subprotocol: null,
    user: null,
    session: null,
  };

  constructor(settings: ConsumerSettings) {
    this.settings = settings;
  }

  send(): void {}

  sendBytes(): void {}

  close(): void {}
}
