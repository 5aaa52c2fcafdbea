/** What Restwave says of where an event stands, which the recorded server did not. */
const PLACE: Readonly<Record<string, (value: unknown) => boolean>> = {
  position: (value) => typeof value === "string" && value !== "",
  index: (value) => Number.isInteger(value),
};

/** A frame without the keys of an event's place that are well formed and not expected; of a multiplexed frame, its payload. */
export function withoutPlace(frame: unknown, expected: unknown): unknown {
  if (!isObject(frame) || !isObject(expected)) return frame;
  if ("payload" in frame) return { ...frame, payload: withoutPlace(frame["payload"], expected["payload"]) };
  return Object.fromEntries(Object.entries(frame).filter(([key, value]) => key in expected || PLACE[key]?.(value) !== true));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
