/** Dates and times as Django reads them (`django.utils.dateparse`) and DRF writes them. Instants are UTC with microseconds. */

export interface Instant {
  /** Milliseconds since the epoch. */
  readonly milliseconds: number;
  /** Microseconds on top of them, 0 to 999. */
  readonly microseconds: number;
}

const DAY = "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})";
const CLOCK = "([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]{1,6})[0-9]{0,6})?)?";
const ZONE = "(?:\\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?))?";
const DATE = new RegExp(`^${DAY}$`);
const TIME = new RegExp(`^${CLOCK}$`);
const DATE_TIME = new RegExp(`^${DAY}(?:[T ]${CLOCK}${ZONE})?$`);

const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00Z");
const END_OF_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** `YYYY-MM-DD` of a date; null when the text is none. */
export function parseDate(text: string): string | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const start = startOfDay(match[1], match[2], match[3]);
  return start === null ? null : isoDay(start);
}

/** `HH:MM:SS[.ffffff]` of a time of day; null when the text is none. */
export function parseTime(text: string): string | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const clock = microsecondsOfDay(match[1], match[2], match[3], match[4]);
  return clock === null ? null : isoClock(clock);
}

/** The instant of a date and time; without an offset it is UTC, without a time midnight. `out of range`: beyond the years 1 to 9999. */
export function parseDateTime(text: string): Instant | "out of range" | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const start = startOfDay(match[1], match[2], match[3]);
  const clock = microsecondsOfDay(match[4] ?? "0", match[5] ?? "0", match[6], match[7]);
  const offset = offsetMinutes(match[8] ?? "Z");
  if (start === null || clock === null || offset === null) return null;
  const milliseconds = start + Math.floor(clock / 1000) - offset * 60_000;
  if (milliseconds < FIRST_INSTANT || milliseconds > END_OF_TIME) return "out of range";
  return { milliseconds, microseconds: clock % 1000 };
}

/** `YYYY-MM-DDTHH:MM:SSZ`, with six digits of fraction when there is one. */
export function isoInstant({ milliseconds, microseconds }: Instant): string {
  const text = new Date(milliseconds).toISOString();
  const fraction = text.slice(20, 23) + String(microseconds).padStart(3, "0");
  return fraction === "000000" ? `${text.slice(0, 19)}Z` : `${text.slice(0, 20)}${fraction}Z`;
}

function startOfDay(year = "", month = "", day = ""): number | null {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // The year 0 is none of Python's, and a day that does not exist rolls over into the next month.
  const exists = Number(year) > 0 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return exists ? date.getTime() : null;
}

function microsecondsOfDay(hour = "", minute = "", second = "0", fraction = "0"): number | null {
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

function offsetMinutes(zone: string): number | null {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || "0");
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function isoDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** `HH:MM:SS`, with six digits of fraction when there is one. */
export function isoClock(microseconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds % 1_000_000;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, "0")}`;
}
