import { CloseCode } from "../protocol/close-codes.ts";
import { APIException, Conflict } from "../protocol/exceptions.ts";
import { encodeReply } from "../protocol/frames.ts";
import { echoableRequestId, type RequestId } from "../protocol/request-id.ts";
import { IntegrityError } from "../models/errors.ts";
import { type ActionContext, RequestCancelled } from "./action-context.ts";
import { AsyncJsonWebsocketConsumer } from "./async-json-websocket-consumer.ts";
import { connectionLog } from "./connection-log.ts";
import type { Logger } from "./logger.ts";
import { noReply, Reply } from "./reply.ts";
import type { FailedRequest, ReplyOptions } from "./reply-options.ts";
import { WatchedConnection } from "./watched-connection.ts";
import { WatchedRequest } from "./watched-request.ts";

/** The half of `AsyncAPIConsumer` that answers: results, errors, and errors while answering. */
export abstract class AnsweringConsumer extends AsyncJsonWebsocketConsumer {
  /** Sends one answer frame. May be called any number of times. */
  async reply(options: ReplyOptions): Promise<void> {
    const { action, data = null, errors = [], status = 200, requestId = null, extra } = options;
    const content = errors.length > 0 ? null : data;
    const frame = { errors, data: content, action, response_status: status, request_id: echoableRequestId(requestId) };
    this.connection.send(encodeReply(frame, extra));
    if (this.connection.settings.instrumentations.length > 0) this.#noteStatus(status, requestId);
  }

  /** Answers with what an action gave. */
  protected answerResult(result: unknown, context: ActionContext): Promise<void> | void {
    if (result === noReply) return;
    if (context.cancelled) throw new RequestCancelled();
    const answer = result instanceof Reply ? result : new Reply(result, 200);
    if (this.reply !== AnsweringConsumer.prototype.reply) return this.#replyThroughHook(answer, context);
    const { action, requestId } = context;
    const { content, status, extra } = answer;
    const frame = { errors: [], data: content, action, response_status: status, request_id: requestId };
    this.connection.send(encodeReply(frame, extra));
    context.watched?.answered(status);
    context.noteAnswer();
  }

  async #replyThroughHook({ data, status, extra }: Reply<unknown>, context: ActionContext): Promise<void> {
    const { action, requestId } = context;
    await this.reply({ action, data, status, requestId, ...(extra === undefined ? {} : { extra }) });
    context.noteAnswer();
  }

  #noteStatus(status: unknown, requestId: RequestId): void {
    const request = WatchedRequest.running(this);
    if (request?.requestId === requestId && typeof status === "number") request.answered(status);
  }

  /** Answers a frame that is no request. */
  protected refuseFrame(error: unknown, request: FailedRequest = { action: null, requestId: null }): void {
    WatchedConnection.of(this.connection)?.refuse(error instanceof APIException ? error : new APIException());
    void this.answerFailure(error, request);
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
      this.#logLost(lost, request);
    }
  }

  /**
   * Answers for an error. An `APIException` is answered with its status and errors, a write that the database refused (unique, foreign key,
   * ...) with 409. Everything else is answered 500 with an id that the log has too; its message and stack stay on the server.
   */
  protected async handleException(error: unknown, request: FailedRequest): Promise<void> {
    const known = error instanceof IntegrityError ? new Conflict() : error;
    if (!(known instanceof APIException)) return this.#answerInternalError(error, request);
    this.connection.refused?.(known);
    WatchedRequest.running(this)?.failedAs(known);
    if (known.status >= 500) this.#log(request).error({ action: request.action, error }, "An action failed.");
    await this.reply({ action: request.action, errors: known.errors, status: known.status, requestId: request.requestId });
  }

  async #answerInternalError(error: unknown, request: FailedRequest): Promise<void> {
    const { action, requestId } = request;
    const errorId = this.connection.settings.ids();
    this.#log(request).error({ errorId, action, error }, "An action failed.");
    const told = new APIException(`${APIException.defaultDetail} Error id: ${errorId}`);
    WatchedRequest.running(this)?.failedAs(told, errorId);
    await this.reply({ action, errors: told.errors, status: 500, requestId, extra: { error_id: errorId } });
  }

  /** The `reply` of the application itself fails: there is no way left to answer. */
  #logLost(error: unknown, request: FailedRequest): void {
    this.#log(request).error({ error }, "An answer could not be sent: reply() failed.");
    this.connection.close(CloseCode.internalError);
  }

  #log(request: FailedRequest): Logger {
    return connectionLog(this.connection, request);
  }
}
