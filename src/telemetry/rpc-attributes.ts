import type { Attributes } from "@opentelemetry/api";
import type { RequestOutcome, SeenConnection, SeenRequest } from "../consumers/instrumentation.ts";
import { loggableId } from "../consumers/connection-log.ts";
import { statusLabel } from "./label-values.ts";
import { OTHER } from "./metric.ts";

/** `rpc.system.name`. */
export const SYSTEM = "restwave";

/** `rpc.method`, as the conventions for remote calls want it: `"UserConsumer/list"`, or `"_OTHER"` for what is no action. */
export function methodName(consumer: string, action: string): string {
  return action === OTHER ? OTHER : `${consumer}/${action}`;
}

/** The name of a request's span. */
export function spanName({ consumer, action, isKnown }: SeenRequest): string {
  return `${consumer}/${isKnown ? action : OTHER}`;
}

/** What is known of a request when it begins, besides its connection. */
export function requestAttributes(request: SeenRequest): Attributes {
  const { consumer, action, isKnown, stream, requestId } = request;
  return {
    "rpc.system.name": SYSTEM,
    "rpc.method": methodName(consumer, isKnown ? action : OTHER),
    ...(isKnown ? {} : { "rpc.method_original": `${consumer}/${action}` }),
    "restwave.consumer": consumer,
    ...(stream === null ? {} : { "restwave.stream": stream }),
    ...(requestId === null ? {} : { "restwave.request_id": String(loggableId(requestId)) }),
  };
}

/** What is known of it when it is answered. */
export function outcomeAttributes({ status, errorId, refusal }: RequestOutcome): Attributes {
  const label = statusLabel(status);
  return {
    "rpc.response.status_code": label,
    ...(status >= 500 ? { "error.type": label } : {}),
    ...(errorId === null ? {} : { "restwave.error_id": errorId }),
    ...(refusal === null ? {} : { "restwave.refusal.by": refusal.by, "restwave.refusal.rule": refusal.name }),
  };
}

/** What is known of all requests of a connection. */
export function connectionAttributes({ id, scope }: SeenConnection): Attributes {
  return {
    "network.transport": "tcp",
    "network.protocol.name": scope.type,
    "url.path": scope.path,
    "restwave.connection_id": id,
    ...serverAttributes(scope.headers.get("host")),
  };
}

function serverAttributes(host: string | null): Attributes {
  const found = host === null ? null : /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host);
  if (found === null) return {};
  const [, address = "", port] = found;
  return { "server.address": address, ...(port === undefined ? {} : { "server.port": Number(port) }) };
}
