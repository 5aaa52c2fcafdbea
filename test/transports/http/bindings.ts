import type { ConsumerClass } from "../../../src/consumers/connection.ts";
import { createHttpHandler } from "../../../src/http.ts";
import type { Routes } from "../../../src/index.ts";
import { WebsocketCommunicator } from "../../../src/testing.ts";

/** One action as a client calls it, over whatever binding. */
export interface Call {
  readonly resource: string;
  readonly action: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What came of it, in HTTP's terms. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

export interface Binding {
  readonly name: string;
  call(call: Call): Promise<Outcome>;
}

const settings = { ids: () => "the-id", logger: { error: () => {}, warn: () => {}, info: () => {} } };

/** A socket of its own for each call, so that none helps another. */
export function overSocket(consumers: Readonly<Record<string, ConsumerClass>>, user: string | null): Binding {
  return {
    name: "WebSocket",
    async call({ resource, action, args = {} }) {
      const options = { user: user === null ? null : { id: user, isActive: true }, settings, subprotocols: ["restwave.v1"] };
      const communicator = new WebsocketCommunicator(consumers[resource]!, options);
      const connected = await communicator.connect();
      if (!connected.connected) return { status: connected.status, body: { detail: (connected.error as Error).message } };
      communicator.sendJson({ ...args, action, request_id: 1 });
      const frames = [await receive(communicator)];
      while (frames.at(-1)?.response_status === 206) frames.push(await receive(communicator));
      await communicator.disconnect();
      return frames.length === 1 ? toOutcome(frames[0]!) : { status: 200, body: frames.map(toOutcome) };
    },
  };
}

interface Frame {
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly response_status: number;
  readonly error_id?: string;
}

async function receive(communicator: WebsocketCommunicator): Promise<Frame> {
  return (await communicator.receiveJson()) as Frame;
}

/** The rule of DRF's exception handler, said once more. */
function toOutcome({ errors, data, response_status: status, error_id: errorId }: Frame): Outcome {
  if (status < 400) return { status, body: status === 204 ? null : data };
  const [first] = errors;
  if (errorId !== undefined) return { status, body: { detail: first, error_id: errorId } };
  if (typeof first === "string" && errors.length === 1) return { status, body: status === 400 ? [first] : { detail: first } };
  const fields = Object(first);
  return { status, body: errors.length > 1 ? errors : (fields.filters ?? fields) };
}

/** A request of its own for each call. */
export function overHttp(routes: Routes, user: string | null): Binding {
  const api = createHttpHandler({
    routes,
    ...settings,
    authenticate: ({ headers }) => (headers.has("x-user") ? { user: { id: headers.get("x-user") ?? "", isActive: true } } : null),
  });
  return {
    name: "HTTP",
    async call(call) {
      const request = toRequest(call);
      if (user !== null) request.headers.set("x-user", user);
      const response = await api(request);
      if (response === null) throw new TypeError(`No resource at ${request.url}.`);
      const text = await response.text();
      if (response.headers.get("content-type") !== "application/x-ndjson")
        return { status: response.status, body: text === "" ? null : JSON.parse(text) };
      const lines = text.trimEnd().split("\n");
      return { status: response.status, body: lines.map((line) => JSON.parse(line)).map(lineOutcome) };
    },
  };
}

function lineOutcome({ status, data, errors }: { status: number; data?: unknown; errors?: unknown }): Outcome {
  return { status, body: status >= 400 ? errors : data };
}

const METHODS: Readonly<Record<string, string>> = {
  list: "GET",
  retrieve: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
};

/** The request that calls an action. */
export function toRequest({ resource, action, args = {} }: Call): Request {
  const { pk, slug, data, filters, idempotency_key: idempotencyKey, ...others } = args;
  const method = METHODS[action] ?? "POST";
  const isModelAction = Object.hasOwn(METHODS, action);
  const url = new URL(`http://test/api/${resource}/`);
  const key = isModelAction ? (pk ?? slug) : undefined;
  if (key !== undefined) url.pathname += `${encodeURIComponent(String(key))}/`;
  if (!isModelAction) url.pathname += `${action}/`;
  const headers = new Headers();
  if (typeof idempotencyKey === "string") headers.set("idempotency-key", idempotencyKey);
  if (isModelAction)
    for (const [name, value] of [...Object.entries(Object(filters)), ...Object.entries(others)])
      url.searchParams.set(name, String(value));
  const body = isModelAction ? data : { ...others, ...(pk === undefined ? {} : { pk }) };
  if (method === "GET" || body === undefined) return new Request(url, { method, headers });
  headers.set("content-type", "application/json");
  return new Request(url, { method, headers, body: JSON.stringify(body) });
}
