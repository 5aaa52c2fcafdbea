import { ImproperlyConfigured } from "../protocol/exceptions.ts";

const SECONDS = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600, d: 86_400, day: 86_400 } as const;

/** How many requests per period, as DRF writes it: `"10/min"`, `"5/s"`, `"1000/day"`. */
export type Rate = `${number}/${keyof typeof SECONDS}`;

/** A rate in numbers: `requests` per `seconds`. */
export interface ParsedRate {
  readonly requests: number;
  readonly seconds: number;
}

/** @throws ImproperlyConfigured when the text is not a whole number, a slash and a period. */
export function parseRate(rate: Rate): ParsedRate {
  const [, requests, period] = /^(\d{1,9})\/([a-z]+)$/.exec(rate) ?? [];
  if (requests === undefined || !isPeriod(period)) {
    throw new ImproperlyConfigured(
      `Expected a rate such as "10/min", got "${rate}". Write a whole number, a slash and one of ${Object.keys(SECONDS).join(", ")}.`,
    );
  }
  return { requests: Number(requests), seconds: SECONDS[period] };
}

function isPeriod(text: string | undefined): text is keyof typeof SECONDS {
  return text !== undefined && Object.hasOwn(SECONDS, text);
}
