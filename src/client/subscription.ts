import { apiErrorOf } from "./api-error-of.ts";
import { type Backoff, backoffDelay } from "./backoff.ts";
import type { ServerFrame } from "./server-message.ts";

/** What is watched, and by which actions. */
export interface SubscriptionRequest {
  readonly stream: string | null;
  readonly kind: "list" | "instance" | "count";
  /** Those of the subscribing action. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a subscription begins with. */
export interface Begun {
  /** All there is to see; where `goesOn`, what was missed follows instead. */
  readonly data: unknown;
  readonly goesOn: boolean;
  readonly pkField: string | undefined;
}

/** One change. */
export interface RowChange {
  readonly action: "create" | "update" | "delete" | "reset";
  readonly data: unknown;
  readonly index: number | undefined;
}

/** Who hears of a subscription. */
export interface SubscriptionListener {
  begun(begun: Begun): void;
  /** All changes of one transaction. */
  changed(changes: readonly RowChange[]): void;
  /** It has ended. */
  refused(error: unknown): void;
  /** There is no connection: what is known may be old. */
  lost(): void;
}

const ACTIONS: ReadonlySet<unknown> = new Set(["create", "update", "delete", "reset"]);

/** One subscription of the server's, over as many connections as it takes. */
export class Subscription {
  readonly id: string;
  readonly request: SubscriptionRequest;
  readonly listener: SubscriptionListener;
  isSent = false;
  /** Is it answered on the present connection? */
  isLive = false;
  hasReauthenticated = false;
  #hasBegun = false;
  /** How often in a row the server could not go on with it. */
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #goesOn = false;
  /** Where it goes on; null: from the start. */
  #position: string | null;
  /** Changes of a transaction of which more is to come. */
  #part: RowChange[] = [];

  constructor(id: string, request: SubscriptionRequest, listener: SubscriptionListener, since: string | null) {
    this.#position = since;
    this.id = id;
    this.request = request;
    this.listener = listener;
  }

  get position(): string | null {
    return this.#position;
  }

  get name(): string {
    const { stream, kind } = this.request;
    return `${stream === null ? "" : `${stream}.`}subscribe_${kind}`;
  }

  /** What to send on a new connection. */
  opening(): Readonly<Record<string, unknown>> {
    this.#goesOn = this.#position !== null;
    const since = this.#goesOn ? { since: this.#position } : {};
    const snapshot = this.request.kind === "instance" ? { snapshot: true } : {};
    return { ...this.request.args, ...snapshot, ...since, action: this.#action("subscribe"), request_id: this.id };
  }

  /** Will the server go on with it, if not now? What never began is for the caller to ask again. */
  isDeferredBy({ status }: ServerFrame): boolean {
    return (status === 503 || status === 429) && (this.#hasBegun || this.#position !== null);
  }

  openLater(open: () => void, backoff: Backoff): void {
    this.isSent = false;
    this.#failures += 1;
    this.#timer = setTimeout(open, backoffDelay(this.#failures, backoff));
  }

  /** Nobody wants it opened later. */
  end(): void {
    clearTimeout(this.#timer);
  }

  get closing(): Readonly<Record<string, unknown>> {
    return { ...this.request.args, action: this.#action("unsubscribe"), request_id: this.id };
  }

  take(frame: ServerFrame): void {
    if (frame.action === this.#action("subscribe")) return this.#takeAnswer(frame);
    if (!isChange(frame)) return;
    this.#part.push({ action: frame.action, data: frame.data, index: frame.index });
    // A server that tells no positions tells no transactions either.
    if (frame.position === null) return;
    if (frame.position !== undefined) this.#position = frame.position;
    this.#flush();
  }

  /** The socket has had everything up to here (PROTOCOL.md 10.9). */
  moveOn(place: string): void {
    const [, view] = (this.#position ?? "").split("~");
    if (this.isLive && view !== undefined) this.#position = `${place}~${view}`;
  }

  connectionLost(): void {
    this.isSent = false;
    this.isLive = false;
    this.end();
    // It is told again.
    this.#part = [];
    this.listener.lost();
  }

  #takeAnswer(frame: ServerFrame): void {
    if (frame.status >= 400 || frame.errors.length > 0) return this.listener.refused(apiErrorOf(frame, this.name));
    this.isLive = true;
    this.#hasBegun = true;
    this.#failures = 0;
    if (typeof frame.position === "string") this.#position = frame.position;
    this.listener.begun({ data: frame.data, goesOn: this.#goesOn && !frame.isReset, pkField: frame.pkField });
  }

  #flush(): void {
    const changes = this.#part;
    this.#part = [];
    this.listener.changed(changes);
  }

  #action(verb: string): string {
    return `${verb}_${this.request.kind}`;
  }
}

function isChange(frame: ServerFrame): frame is ServerFrame & Pick<RowChange, "action"> {
  return ACTIONS.has(frame.action);
}
