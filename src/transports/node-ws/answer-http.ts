import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConsumerSettings } from "../../consumers/settings.ts";
import { APIException } from "../../protocol/exceptions.ts";
import { pathOf } from "./websocket-scope.ts";

/** Answers a plain HTTP request. Returning (or resolving with) false leaves it to a 404; anything else means that it is taken. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean | void | Promise<boolean | void>;

/** Never rejects. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  handler: HttpHandler | undefined,
  { logger, ids }: ConsumerSettings,
): Promise<void> {
  if (isHealthCheck(request)) return answer(response, 200, "ok");
  try {
    if (handler === undefined || (await handler(request, response)) === false) answer(response, 404, "Not found");
  } catch (error) {
    const errorId = ids();
    logger.error({ errorId, path: pathOf(request.url ?? "/"), error }, "An HTTP request failed.");
    answer(response, 500, `${APIException.defaultDetail} Error id: ${errorId}`);
  }
}

function isHealthCheck({ method, url }: IncomingMessage): boolean {
  return (method === "GET" || method === "HEAD") && pathOf(url ?? "/") === "/healthz";
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
