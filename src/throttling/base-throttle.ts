import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";

/** What a throttle may know of the consumer that asks. */
export interface ThrottleConsumer {
  readonly scope: Scope;
  readonly channelName: string;
  /** Read by `ScopedRateThrottle`: the name of the rate for every action, or one name per action. */
  readonly throttleScope?: string | Readonly<Record<string, string>> | undefined;
}

/** Decides whether a request comes too soon. One object judges one request; what it must remember lives elsewhere. Source: DRF. */
export abstract class BaseThrottle {
  /** `false` refuses the request: the consumer answers 429. */
  abstract allowRequest(
    scope: Scope,
    consumer: ThrottleConsumer,
    action: string,
    args: MessageArguments,
  ): boolean | Promise<boolean>;

  /** After a refusal: seconds until the next request may be allowed, or null when that is not known. */
  wait(): number | null {
    return null;
  }
}

/** What `throttleClasses` lists. */
export type ThrottleClass = new () => BaseThrottle;
