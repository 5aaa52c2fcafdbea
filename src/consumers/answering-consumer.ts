import { CloseCode } from "../protocol/close-codes.ts";
import { APIException, Conflict } from "../protocol/exceptions.ts";
import { encodeReply } from "../protocol/frames.ts";
import { echoableRequestId } from "../protocol/request-id.ts";
import { IntegrityError } from "../models/errors.ts";
import { AsyncJsonWebsocketConsumer } from "./async-json-websocket-consumer.ts";
import type { FailedRequest, ReplyOptions } from "./reply-options.ts";

/** The half of `AsyncAPIConsumer` that answers: results, errors, and errors while answering. */
export abstract class AnsweringConsumer extends AsyncJsonWebsocketConsumer {
  /** Sends one answer frame. May be called any number of times. */
  async reply(options: ReplyOptions): Promise<void> {
    const { action, data = null, errors = [], status = 200, requestId = null, extra } = options;
    const content = errors.length > 0 ? null : data;
    const frame = { errors, data: content, action, response_status: status, request_id: echoableRequestId(requestId) };
    this.connection.send(encodeReply(frame, extra));
  }

  /** Answers for an error, whatever becomes of the attempt. */
  protected async answerFailure(error: unknown, request: FailedRequest): Promise<void> {
    try {
      await this.handleException(error, request);
    } catch (second) {
      await this.#answerLast(second, request);
    }
  }

  async #answerLast(error: unknown, request: FailedRequest): Promise<void> {
    try {
      await this.#answerInternalError(error, request);
    } catch (lost) {
      this.#logLost(lost);
    }
  }

  /**
   * Answers for an error. An `APIException` is answered with its status and errors, a write that the database refused (unique, foreign key,
   * ...) with 409. Everything else is answered 500 with an id that the log has too; its message and stack stay on the server.
   */
  protected async handleException(error: unknown, request: FailedRequest): Promise<void> {
    const known = error instanceof IntegrityError ? new Conflict() : error;
    if (!(known instanceof APIException)) return this.#answerInternalError(error, request);
    if (known.status >= 500) this.connection.settings.logger.error({ action: request.action, error }, "An action failed.");
    await this.reply({ action: request.action, errors: known.errors, status: known.status, requestId: request.requestId });
  }

  async #answerInternalError(error: unknown, { action, requestId }: FailedRequest): Promise<void> {
    const errorId = this.connection.settings.ids();
    this.connection.settings.logger.error({ errorId, action, error }, "An action failed.");
    const errors = [`${APIException.defaultDetail} Error id: ${errorId}`];
    await this.reply({ action, errors, status: 500, requestId, extra: { error_id: errorId } });
  }

  /** The `reply` of the application itself fails: there is no way left to answer. */
  #logLost(error: unknown): void {
    this.connection.settings.logger.error({ error }, "An answer could not be sent: reply() failed.");
    this.connection.close(CloseCode.internalError);
  }
}
