import type { Scope } from "../protocol/scope.ts";
import { actionKey } from "./action-key.ts";
import type { ThrottleConsumer } from "./base-throttle.ts";
import { clientIdentity } from "./client-identity.ts";
import { SimpleRateThrottle } from "./simple-rate-throttle.ts";

/**
 * Counts each user, over all of its connections, and each action on its own; an anonymous peer is counted by its address (an IPv6 peer by
 * its /64 network).
 *
 * ```ts
 * class Burst extends UserRateThrottle { override readonly rate = "60/min"; }
 * ```
 */
export abstract class UserRateThrottle extends SimpleRateThrottle {
  override getCacheKey(scope: Scope, _consumer: ThrottleConsumer, action: string): string | null {
    return `${clientIdentity(scope)}:${actionKey(action)}`;
  }
}
