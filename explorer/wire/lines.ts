import { Store } from "../state/store.ts";
import type { Identity } from "./identity.ts";
import { Line } from "./line.ts";
import type { WireLog } from "./tap.ts";

/** The connections of this page as one user: one for each path. */
export class Lines {
  readonly identity: Identity;
  /** Those there are, in the order in which they were made. */
  readonly all = new Store<readonly Line[]>([]);
  readonly #byPath = new Map<string, Line>();
  readonly #log: WireLog;
  readonly #ticketFor: (identity: Identity) => Promise<string | null>;

  constructor(identity: Identity, log: WireLog, ticketFor: (identity: Identity) => Promise<string | null>) {
    this.identity = identity;
    this.#log = log;
    this.#ticketFor = ticketFor;
  }

  /** The line to a path, made when it is first asked for. */
  at(path: string): Line {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const made = new Line(path, this.identity, this.#log, this.#ticketFor);
    this.#byPath.set(path, made);
    // Asked for while rendering: those who show all lines are told behind it.
    queueMicrotask(() => this.all.set([...this.#byPath.values()]));
    return made;
  }

  close(): void {
    for (const line of this.#byPath.values()) line.close();
  }
}
