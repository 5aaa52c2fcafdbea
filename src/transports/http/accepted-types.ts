/** What an answer can be written as. */
export const JSON_TYPE = "application/json";
export const LINES_TYPE = "application/x-ndjson";
export const EVENTS_TYPE = "text/event-stream";

interface Range {
  readonly type: string;
  readonly weight: number;
}

/** What a client takes, by its `Accept` header; without one, anything. Source: RFC 9110 section 12.5.1. */
export class AcceptedTypes {
  private readonly ranges: readonly Range[];

  constructor(header: string | null) {
    const ranges = (header ?? "")
      .split(",")
      .map(parseRange)
      .filter(({ type }) => type !== "");
    this.ranges = ranges.length === 0 ? [{ type: "*/*", weight: 1 }] : ranges;
  }

  /** Does it ask for server-sent events, by name and before JSON? */
  get prefersEvents(): boolean {
    const events = this.ranges.find(({ type }) => type === EVENTS_TYPE);
    if (events === undefined || events.weight === 0) return false;
    const json = this.ranges.find(({ type }) => type === JSON_TYPE);
    if (json === undefined || json.weight < events.weight) return true;
    return json.weight === events.weight && this.ranges.indexOf(events) < this.ranges.indexOf(json);
  }

  /** Can it be answered at all? */
  get takesSomething(): boolean {
    return [JSON_TYPE, LINES_TYPE, EVENTS_TYPE].some((type) => this.weightOf(type) > 0);
  }

  /** The most specific range counts. */
  private weightOf(type: string): number {
    for (const pattern of [type, `${type.split("/")[0]}/*`, "*/*"]) {
      const range = this.ranges.find((each) => each.type === pattern);
      if (range !== undefined) return range.weight;
    }
    return 0;
  }
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, weight: value >= 0 && value <= 1 ? value : 1 };
}
