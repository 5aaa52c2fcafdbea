import type { ChannelLayer } from "../layers/channel-layer.ts";
import type { ChannelMessage } from "../layers/channel-message.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { encodeJson } from "../protocol/json.ts";
import type { Scope } from "../protocol/scope.ts";
import { declareActions } from "./action-registry.ts";
import { authenticateConnection } from "./authenticate-token.ts";
import { ChannelInbox } from "./channel-inbox.ts";
import { connectionLog } from "./connection-log.ts";
import type { Connection } from "./connection.ts";
import { reply, type Reply } from "./reply.ts";

/** What every consumer has of its connection and of the channel layer. Named after the class of Channels. */
export abstract class AsyncJsonWebsocketConsumer {
  readonly scope: Scope;
  protected readonly connection: Connection;
  #name: string | null = null;
  #inbox: ChannelInbox | null = null;
  #inboxEnded: Promise<void> | null = null;

  constructor(connection: Connection) {
    this.connection = connection;
    this.scope = connection.scope;
  }

  /** Carries messages between connections, jobs and processes: the server's option `channelLayer`. */
  get channelLayer(): ChannelLayer {
    return this.connection.settings.channelLayer;
  }

  /** The name of this connection's channel, unique among all servers. From the first look at it on, messages that are sent to it arrive. */
  get channelName(): string {
    if (this.#name !== null) return this.#name;
    this.#name = `restwave.${this.connection.settings.ids()}`;
    this.channelInbox.open();
    return this.#name;
  }

  /** Puts this connection into a group of the channel layer, until it is discarded or the connection ends. */
  groupAdd(group: string): Promise<void> {
    return this.channelInbox.groupAdd(group);
  }

  /** Takes this connection out of a group; does nothing when it is not in it. */
  async groupDiscard(group: string): Promise<void> {
    await this.#inbox?.groupDiscard(group);
  }

  /** Sends a message to every connection in the group, this one included if it is. Their `channelMessage` fields handle it. */
  groupSend(group: string, message: ChannelMessage): Promise<void> {
    return this.channelLayer.groupSend(group, message);
  }

  /** For fields and observers: what receives for this connection. */
  get channelInbox(): ChannelInbox {
    this.#inbox ??= this.#makeInbox();
    return this.#inbox;
  }

  /** Resolves when no message is being handled any more, once the connection has ended. */
  protected async whenInboxEmpty(): Promise<void> {
    await this.#inboxEnded;
  }

  /** Calls `listener` when the connection has ended. */
  abstract whenEnded(listener: () => void | Promise<void>): void;

  /** Runs `send` when no answer has to go first. */
  abstract deliverEvents(send: () => void | Promise<void>): void | Promise<void>;

  /**
   * Messages or events for this connection were lost: more came than it handled in time. Closes it with 4429 by default, so that the client comes
   * back and asks for what it missed. Override it to go on with a gap.
   */
  protected channelOverflow(): void | Promise<void> {
    return this.close(CloseCode.slowConsumer, "Messages for this connection were lost.");
  }

  /**
   * The action `authenticate`: takes a new token in place of the credentials that the connection has, for all consumers on its socket. Answered 405
   * unless the server has the option `authenticateToken`, 401 when the token is no good. Permissions are not asked: who has none yet may log in.
   */
  protected async authenticateInBand(args: MessageArguments): Promise<Reply<{ authenticated: true }>> {
    await authenticateConnection(this.connection, args["token"]);
    return reply({ authenticated: true });
  }

  /** Sends any value as a JSON text frame. */
  async sendJson(content: unknown): Promise<void> {
    this.connection.send(encodeJson(content));
  }

  /** Closes the connection after what was sent before. `code` defaults to 1000. */
  async close(code?: number, reason?: string): Promise<void> {
    this.connection.close(code, reason);
  }

  #makeInbox(): ChannelInbox {
    const inbox = new ChannelInbox({
      kind: this.constructor,
      settings: this.connection.settings,
      log: connectionLog(this.connection),
      nameChannel: () => this.channelName,
      deliver: (work) => this.deliverEvents(work),
      overflow: () => this.channelOverflow(),
    });
    this.whenEnded(() => {
      this.#inboxEnded = inbox.end();
    });
    return inbox;
  }
}

declareActions(AsyncJsonWebsocketConsumer, {
  authenticateInBand: { name: "authenticate", unguarded: true, model: "authenticate" },
});
