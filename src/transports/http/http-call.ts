import { connectionLog } from "../../consumers/connection-log.ts";
import { refreshSession } from "../../consumers/refresh-session.ts";
import type { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";
import type { ConsumerSettings } from "../../consumers/settings.ts";
import { WatchedConnection } from "../../consumers/watched-connection.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { APIException, AuthenticationFailed, ServiceUnavailable } from "../../protocol/exceptions.ts";
import { encodeJson } from "../../protocol/json.ts";
import type { Identity } from "../../protocol/scope.ts";
import { type AnswerFrame, REQUEST_ID } from "./answer-frame.ts";
import { HttpConnection } from "./http-connection.ts";
import type { HttpScope } from "./http-scope.ts";
import type { ApiConsumerClass } from "./resource-table.ts";

/** The arguments of an action, with its name. */
export interface RequestedCall {
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One request from connect to end: drives a consumer of its own as a socket would. */
export class HttpCall {
  readonly connection: HttpConnection;
  readonly consumer: AsyncAPIConsumer;
  /** Is it a stream that is open? */
  isStream = false;
  private isAccepted = false;
  private ended: Promise<void> | null = null;

  constructor(scope: HttpScope, settings: ConsumerSettings, Consumer: ApiConsumerClass) {
    this.connection = new HttpConnection(scope, settings);
    this.consumer = new Consumer(this.connection);
  }

  get scope(): HttpScope {
    return this.connection.scope;
  }

  /** Resolves when the consumer accepts. @throws its refusal. */
  async connect(): Promise<void> {
    this.assertOpen();
    await this.consumer.websocketConnect();
    this.isAccepted = true;
    // Nobody waited any more.
    if (this.ended !== null) return this.disconnect(CloseCode.normal);
    WatchedConnection.open(this.connection, this.consumer);
  }

  /** Calls an action. @returns its first answer; null when it gave none. @throws when the connection was closed in the place of an answer. */
  async ask({ action, args }: RequestedCall): Promise<AnswerFrame | null> {
    this.assertOpen();
    const { connection, consumer } = this;
    connection.listen();
    consumer.websocketReceive(encodeJson({ ...args, action, request_id: REQUEST_ID }));
    const answer = await connection.firstAnswer(whenOver(consumer));
    if (answer === null) this.assertOpen();
    return answer;
  }

  /** Ends it: its credentials are not valid any more. */
  revoke(): void {
    this.connection.close(CloseCode.credentialsRevoked);
  }

  /** Asks again who this is, and ends it when the credentials are gone. Never rejects. */
  async reexamine(prove: () => Promise<Identity | null>): Promise<void> {
    try {
      const identity = await prove();
      if (identity === null) return this.revoke();
      this.scope.identify(identity);
      await refreshSession(this.consumer, this.connection);
    } catch (error) {
      if (!(error instanceof APIException)) this.logFailure(error, "authenticate");
      this.revoke();
    }
  }

  /** Ends the consumer's work, once. Never rejects. */
  end(code: number = CloseCode.normal): Promise<void> {
    this.connection.close(code);
    this.ended ??= this.isAccepted ? this.disconnect(code) : Promise.resolve();
    return this.ended;
  }

  private async disconnect(code: number): Promise<void> {
    try {
      await this.consumer.websocketDisconnect(code);
    } catch (error) {
      this.logFailure(error, "websocketDisconnect");
    }
    WatchedConnection.of(this.connection)?.close(this.connection.closeCode ?? code);
  }

  private assertOpen(): void {
    const { closeCode } = this.connection;
    if (closeCode === null) return;
    if (closeCode === CloseCode.credentialsRevoked) throw new AuthenticationFailed("Credentials were revoked.");
    throw new ServiceUnavailable("The request was ended before it was answered.");
  }

  private logFailure(error: unknown, where: string): void {
    const { ids } = this.connection.settings;
    connectionLog(this.connection).error({ errorId: ids(), path: this.scope.path, error }, `A consumer failed in ${where}.`);
  }
}

/** An action may answer by itself, or not at all. Its answer is on its way when nothing is under way any more, through whatever hooks it goes. */
async function whenOver(consumer: AsyncAPIConsumer): Promise<void> {
  await consumer.websocketIdle();
  await new Promise((resolve) => setImmediate(resolve));
}
