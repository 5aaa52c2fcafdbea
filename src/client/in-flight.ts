import type { Call } from "./call.ts";

interface Lane {
  readonly underWay: Set<Call>;
  readonly waiting: Call[];
}

/** How many requests of a stream are under way at once: servers refuse more than so many. The others wait, in order. */
export class InFlight {
  readonly #limit: number;
  readonly #send: (call: Call) => void;
  readonly #lanes = new Map<string | null, Lane>();

  constructor(limit: number, send: (call: Call) => void) {
    this.#limit = limit;
    this.#send = send;
  }

  /** Sends the call when there is room. */
  add(call: Call): void {
    const lane = this.#laneOf(call);
    lane.waiting.push(call);
    this.#pump(lane);
  }

  /** It has its answer, or nobody wants one. */
  delete(call: Call): void {
    const lane = this.#laneOf(call);
    if (lane.underWay.delete(call)) this.#pump(lane);
  }

  /** There is no connection any more. */
  clear(): void {
    this.#lanes.clear();
  }

  #pump({ underWay, waiting }: Lane): void {
    while (underWay.size < this.#limit) {
      const call = waiting.shift();
      if (call === undefined) return;
      if (call.isOver || call.isSent) continue;
      underWay.add(call);
      this.#send(call);
    }
  }

  #laneOf({ request: { stream } }: Call): Lane {
    const known = this.#lanes.get(stream);
    if (known !== undefined) return known;
    const made: Lane = { underWay: new Set(), waiting: [] };
    this.#lanes.set(stream, made);
    return made;
  }
}
