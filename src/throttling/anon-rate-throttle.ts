import type { Scope } from "../protocol/scope.ts";
import { actionKey } from "./action-key.ts";
import type { ThrottleConsumer } from "./base-throttle.ts";
import { clientIdentity, isAnonymous } from "./client-identity.ts";
import { SimpleRateThrottle } from "./simple-rate-throttle.ts";

/** Counts anonymous peers by address (an IPv6 peer by its /64 network), each action on its own; lets known users pass. */
export abstract class AnonRateThrottle extends SimpleRateThrottle {
  override getCacheKey(scope: Scope, _consumer: ThrottleConsumer, action: string): string | null {
    return isAnonymous(scope) ? `${clientIdentity(scope)}:${actionKey(action)}` : null;
  }
}
