import { actionsOf } from "./action-registry.ts";

/** Which limit a request counts for: one that subscribes is a subscription, also before it is answered. */
export type RequestKind = "request" | "subscription";

/** The kind of a request for an action of a consumer. */
export function requestKind(consumer: object, action: unknown): RequestKind {
  const definition = typeof action === "string" ? actionsOf(consumer).get(action) : undefined;
  return definition?.subscribes === true ? "subscription" : "request";
}
