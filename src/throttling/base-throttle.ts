import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";

/** What a throttle may know of the consumer that asks. */
export interface ThrottleConsumer {
  readonly scope: Scope;
  readonly channelName: string;
  /** Read by `ScopedRateThrottle`: the name of the rate for every action, or one name per action. */
  readonly throttleScope?: string | Readonly<Record<string, string>> | undefined;
}

/** What a throttle would say of the next request. */
export interface ThrottleForecast {
  readonly allows: boolean;
  /** In words: `"10 of 10/min were made; the next is let through in 12 s."` */
  readonly detail: string;
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

  /** For explanations: what it would say of such a request now. MUST NOT count it. null, the default: that cannot be told. */
  foresee(
    _scope: Scope,
    _consumer: ThrottleConsumer,
    _action: string,
    _args: MessageArguments,
  ): Promise<ThrottleForecast | null> {
    return Promise.resolve(null);
  }
}

/** What `throttleClasses` lists. */
export type ThrottleClass = new () => BaseThrottle;
