import { isoClock } from "./iso-time.ts";

const DAY_MICROSECONDS = 86_400_000_000;
const STANDARD =
  /^(?:(-?[0-9]+) (?:days?, )?)?(-?)(?:([0-9]+):(?=[0-9]+:[0-9]+))?(?:([0-9]+):)?([0-9]+)(?:[.,]([0-9]{1,6})[0-9]{0,6})?$/;
const ISO =
  /^([-+]?)P(?:([0-9]+(?:[.,][0-9]+)?)D)?(?:T(?:([0-9]+(?:[.,][0-9]+)?)H)?(?:([0-9]+(?:[.,][0-9]+)?)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?)?$/;

/** Microseconds of a duration in Django's form `[days] [[hours:]minutes:]seconds[.fraction]` or in ISO 8601; null when it is neither. */
export function parseDuration(text: string): number | null {
  return standardDuration(text) ?? isoDuration(text);
}

function standardDuration(text: string): number | null {
  const match = STANDARD.exec(text);
  if (match === null) return null;
  const [, days = "0", sign, hours = "0", minutes = "0", seconds = "0", fraction = "0"] = match;
  const clock = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000 + Number(fraction.padEnd(6, "0"));
  return Number(days) * DAY_MICROSECONDS + (sign === "-" ? -clock : clock);
}

function isoDuration(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number((part ?? "0").replace(",", ".")));
  const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return Math.round(total * 1_000_000) * (match[1] === "-" ? -1 : 1);
}

/** Django's text of a duration: `3 02:00:01.500000`; negative ones count their days down (`-1 23:59:59`). */
export function formatDuration(microseconds: number): string {
  const days = Math.floor(microseconds / DAY_MICROSECONDS);
  const clock = isoClock(microseconds - days * DAY_MICROSECONDS);
  return days === 0 ? clock : `${days} ${clock}`;
}
