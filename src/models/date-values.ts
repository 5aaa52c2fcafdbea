const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,12})?)?)\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/** `"2024-05-06"` if it is a day of the calendar in the years 1 to 9999, else undefined. */
export function parseDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1) return undefined;
  return day <= daysIn(year, month) ? text : undefined;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `"05:08:09.120000"`: six digits of a second, left out when they are zero; further digits are cut off. Undefined if it is no time of day. */
export function parseTime(text: string): string | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return `${match[1]}:${match[2]}:${match[3] ?? "00"}${fraction(match[4] ?? "")}`;
}

function fraction(digits: string): string {
  const micros = digits.slice(0, 6).padEnd(6, "0");
  return micros === "000000" ? "" : `.${micros}`;
}

/**
 * `"2024-05-06T05:08:09.123456Z"`: in UTC, six digits of a second or none. A text without an offset is taken as UTC. Undefined if it is no
 * moment in the years 1 to 9999.
 */
export function parseDateTime(text: string): string | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const date = parseDate(match[1] ?? "");
  const time = parseTime(match[2] ?? "");
  if (date === undefined || time === undefined) return undefined;
  const offset = offsetMinutes(match[3] ?? "Z");
  if (offset === undefined) return undefined;
  return offset === 0 ? `${date}T${time}Z` : shift(date, time, offset);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function shift(date: string, time: string, offset: number): string | undefined {
  const moved = new Date(Date.parse(`${date}T${time.slice(0, 8)}Z`) - offset * 60_000);
  if (!isInCalendar(moved)) return undefined;
  return `${moved.toISOString().slice(0, 19)}${time.slice(8)}Z`;
}

/** Years 1 to 9999: what DRF, PostgreSQL's texts and SQLite's date functions all know. */
export function isInCalendar(date: Date): boolean {
  const time = date.getTime();
  return time >= -62_135_596_800_000 && time < 253_402_300_800_000;
}

/** DRF's text of a moment: UTC, six digits of a second when they are not zero; null outside the years 1 to 9999. */
export function formatDate(date: Date): string | null {
  if (!isInCalendar(date)) return null;
  const text = date.toISOString();
  const millis = text.slice(20, 23);
  return millis === "000" ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`;
}
