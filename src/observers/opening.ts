import type { MissedEvents } from "./missed-events.ts";

/** What a subscription begins with. */
export interface Opening {
  readonly position: string;
  /** Everything that is to be seen; undefined when the subscriber only misses some events, which follow. */
  readonly content: unknown;
  readonly missed: MissedEvents | null;
  readonly isReset: boolean;
}
