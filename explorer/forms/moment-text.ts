import type { MomentForm } from "./field-shape.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[-+]\d{2}:\d{2})?$/;

/** What a native control shows for a value of the wire; null for what it cannot show. Moments are shown in UTC. */
export function momentToInput(value: unknown, form: MomentForm): string | null {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value !== "string") return null;
  if (form === "date") return DATE.test(value) && isDay(value) ? value : null;
  if (form === "time") return TIME.test(value) ? asTyped(value) : null;
  return DATE_TIME.test(value) ? dateTimeToInput(value) : null;
}

/** What the wire takes for what a native control holds: nothing for nothing, moments in UTC with a `Z`. */
export function inputToMoment(text: string, form: MomentForm): string | undefined {
  if (text === "") return undefined;
  if (form === "date") return text;
  const whole = /:\d{2}:\d{2}/.test(text) ? text : `${text}:00`;
  const seconds = whole.replace(/\.0+$/, "");
  return form === "time" ? seconds : `${seconds}Z`;
}

/** Does what is shown have parts of a second? */
export function hasFraction(input: string): boolean {
  return input.includes(".");
}

/** As native controls write it themselves: without microseconds, and without seconds where there are none. Another text would be set anew while it is typed. */
function asTyped(text: string): string {
  return text
    .replace(/(\.\d{3})\d+$/, "$1")
    .replace(/\.0+$/, "")
    .replace(/(\d{2}:\d{2}):00$/, "$1");
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith("0000");
}

function dateTimeToInput(value: string): string | null {
  const day = value.slice(0, 10);
  if (!isDay(day)) return null;
  const isUtc = !/[-+]\d{2}:\d{2}$/.test(value);
  // A moment without an offset is UTC to the server.
  if (isUtc) return asTyped(value.replace(/Z$/, ""));
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return null;
  const text = moment.toISOString().slice(0, -1);
  return /^\d{4}-/.test(text) ? asTyped(text) : null;
}
