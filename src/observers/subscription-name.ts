import { encodeJson } from "../protocol/json.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** A name for what a request subscribed to; ids of different types are different ids. */
export function subscriptionName(kind: string, requestId: RequestId, target = ""): string {
  return `${kind}|${typeof requestId} ${encodeJson(requestId)}|${target}`;
}

/** Is it a name of this kind, and of this request and target where they are given? */
export function namesSubscription(name: string, kind: string, requestId: RequestId, target?: string): boolean {
  if (requestId !== null) {
    return target === undefined
      ? name.startsWith(subscriptionName(kind, requestId))
      : name === subscriptionName(kind, requestId, target);
  }
  return name.startsWith(`${kind}|`) && (target === undefined || name.endsWith(`|${target}`));
}
