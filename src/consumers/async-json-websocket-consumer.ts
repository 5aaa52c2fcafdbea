import { encodeJson } from "../protocol/json.ts";
import type { Scope } from "../protocol/scope.ts";
import type { Connection } from "./connection.ts";

/** What every consumer has of its connection. Named after the class of Channels. */
export abstract class AsyncJsonWebsocketConsumer {
  readonly scope: Scope;
  protected readonly connection: Connection;
  #name: string | null = null;

  constructor(connection: Connection) {
    this.connection = connection;
    this.scope = connection.scope;
  }

  /** A name for this connection, unique among all servers. */
  get channelName(): string {
    this.#name ??= `restwave.${this.connection.settings.ids()}`;
    return this.#name;
  }

  /** Sends any value as a JSON text frame. */
  async sendJson(content: unknown): Promise<void> {
    this.connection.send(encodeJson(content));
  }

  /** Closes the connection after what was sent before. `code` defaults to 1000. */
  async close(code?: number, reason?: string): Promise<void> {
    this.connection.close(code, reason);
  }
}
