import { ImproperlyConfigured } from "../protocol/exceptions.ts";

/** What a channel layer keeps, and for how long. Times are in milliseconds. The defaults are those of Django Channels. */
export interface ChannelLimits {
  /** Messages that may wait for one channel. Default 100. */
  readonly capacity: number;
  /** How long a message may wait. Default 60,000. */
  readonly expiry: number;
  /** How long a group remembers a channel that nobody receives from. Default 86,400,000 (24 hours). */
  readonly groupExpiry: number;
}

export const defaultChannelLimits: ChannelLimits = Object.freeze({ capacity: 100, expiry: 60_000, groupExpiry: 86_400_000 });

/** @throws ImproperlyConfigured when a limit is no number above 0. */
export function resolveChannelLimits(given: Partial<ChannelLimits>): ChannelLimits {
  const limit = (name: keyof ChannelLimits): number => {
    const value = given[name] ?? defaultChannelLimits[name];
    if (value > 0) return value;
    throw new ImproperlyConfigured(`Option ${name} of the channel layer: expected a number above 0, got ${String(value)}.`);
  };
  return Object.freeze({ capacity: limit("capacity"), expiry: limit("expiry"), groupExpiry: limit("groupExpiry") });
}
