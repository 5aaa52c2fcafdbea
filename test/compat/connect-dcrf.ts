import { createRequire } from "node:module";
import type Dcrf from "dcrf-client";
import type { DCRFClient } from "dcrf-client";
import { WebSocket } from "ws";
import { Arrivals } from "./arrivals.ts";

// A CommonJS package with a default export: what `import` makes of it is not the same everywhere.
const dcrf: typeof Dcrf = createRequire(import.meta.url)("dcrf-client");

export type DcrfOptions = NonNullable<Parameters<typeof dcrf.default.connect>[1]>;

/** dcrf-client as its users have it; it gets a WebSocket, since Node 20 has none, and comes back without its pause of a second or more. */
export function connectDcrf(url: string, options: DcrfOptions = {}): DCRFClient {
  return dcrf.default.connect(url, {
    pkField: "id",
    websocket: { WebSocket, minReconnectionDelay: 1, maxReconnectionDelay: 50 },
    ...options,
  });
}

/**
 * For a consumer without a multiplexer: dcrf-client knows frames with `stream` and `payload` alone, and looks for both in all that comes. Its
 * option `serializer` takes the stream off on the way out and puts it back on the way in; nothing of the client itself changes.
 */
export function withoutStream(stream: string): NonNullable<DcrfOptions["serializer"]> {
  return {
    serialize: (message) => JSON.stringify("payload" in message ? message.payload : message),
    deserialize: (text) => ({ stream, payload: JSON.parse(text) }),
  };
}

/** An event as a subscription's callback gets it. */
export interface Heard {
  readonly action: string;
  readonly data: unknown;
}

/** Subscribes to a row, and gives what the callback hears. */
export async function hear(client: DCRFClient, stream: string, pk: number) {
  const heard = new Arrivals<Heard>();
  const subscription = client.subscribe(stream, pk, (data, action) => heard.push({ action, data: { ...data } }));
  return { subscription, heard, answer: await subscription };
}

/** All frames that dcrf-client dispatches for a request id, its answers and its events: what its `dispatcher` is for. */
export function framesFor(client: DCRFClient, stream: string, requestId: string): Arrivals<unknown> {
  const frames = new Arrivals<unknown>();
  client.dispatcher.listen({ stream, payload: { request_id: requestId } }, ({ payload }: Frame) => frames.push(payload));
  return frames;
}

interface Frame {
  readonly stream: string;
  readonly payload: unknown;
}
