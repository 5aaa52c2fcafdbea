import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { encodeJson } from "../../protocol/json.ts";
import type { HttpApi } from "./create-http-handler.ts";

/** An HTTP API on Node's own requests. */
export interface NodeHandler {
  /** Resolves with false, and touches nothing, when the request's path leads to no resource: for `serve({ http })` and Fastify. */
  (request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Calls `next` then: for Express. */
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
}

/**
 * Puts an HTTP API before Node's own requests: `app.use(toNodeHandler(api))` in Express, in Fastify a hook `onRequest`, and
 * `serve({ routes, http: toNodeHandler(api) })`. Put it before whatever reads bodies.
 */
export function toNodeHandler(api: HttpApi): NodeHandler {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const asked = toRequest(request, gone.signal);
    const answered = asked === null ? null : await api(asked, { client: peerOf(request) });
    if (answered === null) return false;
    // Where it was read this does nothing.
    asked?.body?.cancel().catch(() => {});
    await write(answered, request, response);
    return true;
  };
  function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  function handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
  function handle(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): unknown {
    const answered = answer(request, response);
    return next === undefined ? answered : answered.then((isTaken) => (isTaken ? undefined : next()), next);
  }
  return handle;
}

function peerOf({ socket }: IncomingMessage): { readonly address: string; readonly port: number } {
  return { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
}

/** Methods that a `Request` cannot have; no resource has them either. */
const UNKNOWN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Null for what cannot be a request to a resource: `OPTIONS *`, a host that is none. */
function toRequest(request: IncomingMessage, signal: AbortSignal): Request | null {
  const { method = "GET" } = request;
  const url = urlOf(request);
  if (url === null || UNKNOWN_METHODS.has(method)) return null;
  const headers = new Headers();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(index, index + 2);
    if (!name.startsWith(":")) headers.append(name, value);
  }
  const hasBody =
    method !== "GET" && method !== "HEAD" && (request.headers["transfer-encoding"] !== undefined || bodyLength(request) > 0);
  const init = { method, headers, signal };
  return new Request(url, hasBody ? { ...init, body: bodyOf(request), ...HALF } : init);
}

/** Part of the standard that TypeScript's types leave out: the body is sent before the answer comes. */
const HALF: object = { duplex: "half" };

function bodyLength({ headers }: IncomingMessage): number {
  return Number(headers["content-length"] ?? 0);
}

function urlOf(request: IncomingMessage): string | null {
  // Express takes the path of a mounted router off `url`.
  const original: unknown = Reflect.get(request, "originalUrl");
  const target = typeof original === "string" ? original : (request.url ?? "/");
  const scheme = "encrypted" in request.socket && request.socket.encrypted === true ? "https" : "http";
  // Joined as text, since a path that begins with two slashes would name another host.
  const url = target.startsWith("/") ? `${scheme}://${request.headers.host ?? "localhost"}${target}` : target;
  return URL.canParse(url) ? url : null;
}

function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> | string {
  if (request.readableEnded || request.readableDidRead) return parsedBody(request);
  let isOpen = true;
  let isRead = false;
  const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    isRead = true;
    request.on("data", (chunk: Uint8Array) => {
      request.pause();
      if (isOpen) controller.enqueue(chunk);
      else request.resume();
    });
    request.once("end", () => {
      if (isOpen) controller.close();
      isOpen = false;
    });
    request.once("close", () => {
      if (isOpen) controller.error(new DOMException("The client has gone.", "AbortError"));
      isOpen = false;
    });
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    pull: (controller) => {
      if (isRead) request.resume();
      else begin(controller);
    },
    cancel: () => {
      isOpen = false;
      // What is still on its way is read and dropped, so that the client gets to read its answer.
      request.resume();
    },
  };
  // Nothing is read before somebody asks: a request that is not the API's goes on as it came.
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
}

/** A parser in front of it has read the body and left its value. */
function parsedBody(request: IncomingMessage): string {
  const body: unknown = Reflect.get(request, "body");
  if (body !== undefined) return typeof body === "string" ? body : encodeJson(body);
  throw new ImproperlyConfigured(
    "Expected the request's body to be unread, but something before this handler has read it. Put toNodeHandler(api) before whatever reads bodies.",
  );
}

async function write(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void response.end();
  const reader = answer.body.getReader();
  const gone = new AbortController();
  response.once("close", () => {
    gone.abort();
    // Also when all was read: it then does nothing.
    reader.cancel().catch(() => {});
  });
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      if (!response.write(step.value)) await once(response, "drain", { signal: gone.signal });
    }
    response.end();
  } catch {
    // The client has gone, or was cut off.
    response.destroy();
  }
}
