import { callResult, type CallResult } from "./call-result.ts";
import { changedRow, type OptimisticChange, OptimisticLayer, withNewRow, withoutRow } from "./optimistic-layer.ts";
import type { Call } from "./call.ts";
import type { CallOptions, WriteOptions } from "./call-options.ts";
import type { ClientOptions } from "./client-options.ts";
import { Events, type EventsOptions } from "./events.ts";
import { randomKey } from "./random-key.ts";
import type { LiveCount } from "./live-count.ts";
import type { LiveInstance } from "./live-instance.ts";
import type { LiveList } from "./live-list.ts";
import type { LiveQueries } from "./live-queries.ts";
import type { Session } from "./session.ts";

type Arguments = Readonly<Record<string, unknown>>;

const READS: ReadonlySet<string> = new Set(["list", "retrieve"]);
const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete"]);

/** What a client knows to do with one resource: a stream of a multiplexer, or all there is behind a URL. */
export class Resource {
  readonly #session: Session;
  readonly #options: ClientOptions;
  readonly #live: LiveQueries;
  readonly #stream: string | null;

  constructor(session: Session, live: LiveQueries, options: ClientOptions, stream: string | null) {
    this.#session = session;
    this.#live = live;
    this.#options = options;
    this.#stream = stream;
  }

  list(args?: Arguments, options?: CallOptions): CallResult {
    return this.call("list", args, options);
  }

  retrieve(lookup: unknown, options?: CallOptions): CallResult {
    return this.call("retrieve", lookupArguments(lookup), options);
  }

  create(data: unknown, options?: WriteOptions): CallResult {
    const key = randomKey();
    return this.#write("create", { data }, options, withNewRow(key, data), key);
  }

  update(lookup: unknown, data: unknown, options?: WriteOptions): CallResult {
    return this.#write("update", { ...lookupArguments(lookup), data }, options, changedRow(lookup, data));
  }

  patch(lookup: unknown, data: unknown, options?: WriteOptions): CallResult {
    return this.#write("patch", { ...lookupArguments(lookup), data }, options, changedRow(lookup, data));
  }

  delete(lookup: unknown, options?: WriteOptions): CallResult {
    return this.#write("delete", lookupArguments(lookup), options, withoutRow(lookup));
  }

  /** Any action, by its name on the wire. */
  call(action: string, args: Arguments = {}, options: CallOptions = {}): CallResult {
    return callResult(this.#begin(action, args, options));
  }

  #begin(action: string, args: Arguments, options: CallOptions, onAnswer?: (data: unknown) => void): Call {
    const { timeout = this.#options.timeout ?? 30_000, signal } = options;
    const key = options.idempotencyKey ?? (this.#isKeyed(action) ? randomKey() : undefined);
    return this.#session.call({
      stream: this.#stream,
      action,
      args: key === undefined ? args : { ...args, idempotency_key: key },
      isRepeatable: key !== undefined || READS.has(action),
      timeout,
      signal,
      onAnswer,
      window: this.#isStreamable(action) && key === undefined ? (this.#options.streamWindow ?? 64) : undefined,
    });
  }

  #write(action: string, args: Arguments, options: WriteOptions = {}, change: OptimisticChange, newKey?: string): CallResult {
    const { optimistic = false, waitForChanges = false } = options;
    if (optimistic === false) {
      const call = this.#begin(action, args, options);
      return callResult(call, waitForChanges ? this.#whenSeen(call) : call.answer);
    }
    const layer = new OptimisticLayer(this.#stream, optimistic === true ? change : optimistic);
    if (newKey !== undefined) layer.markNew(newKey);
    const { layers } = this.#live;
    layers.add(layer);
    // What comes with the changes of this write comes behind those of the writes that were answered before it.
    let over: readonly OptimisticLayer[] = [layer];
    const call = this.#begin(action, args, options, (row) => {
      layer.answered(row);
      over = layers.of(this.#stream).filter(({ answer }) => answer !== undefined);
      layers.touch(layer);
    });
    const seen = this.#whenSeen(call).finally(() => layers.delete(over));
    // Whoever called has the error.
    seen.catch(() => undefined);
    return callResult(call, waitForChanges ? seen : call.answer);
  }

  /** The answer, once the changes of the write have come and the queries that they are to be seen in are live. */
  async #whenSeen(call: Call): Promise<unknown> {
    let settled = this.#settle(call);
    const answer = await call.answer;
    for (await settled; !(await this.#live.whenLive(this.#stream)); await settled) settled = this.#settle(call);
    return answer;
  }

  /** Sent right behind the write. A server that does not know it has told nothing of commits either. */
  async #settle(call: Call): Promise<void> {
    if (this.#options.protocol === "dcrf") return;
    const args = { after_request_id: call.id };
    const request = { stream: this.#stream, action: "settle", args, isRepeatable: true, timeout: Infinity, signal: undefined };
    await this.#session.call(request).answer.catch(() => undefined);
  }

  /** Events under the request of an action, by its name on the wire. */
  events(action: string, args: Arguments = {}, options: EventsOptions = {}): Events {
    const { timeout = this.#options.timeout ?? 30_000, unsubscribe, signal } = options;
    const isUnanswered = this.#options.protocol === "dcrf";
    return new Events(this.#session, { stream: this.#stream, action, args, unsubscribe, timeout, signal, isUnanswered });
  }

  live(args: Arguments = {}): LiveList {
    return this.#live.list(this.#stream, args);
  }

  liveInstance(lookup: unknown): LiveInstance {
    return this.#live.instance(this.#stream, lookupArguments(lookup));
  }

  liveCount(args: Arguments = {}): LiveCount {
    return this.#live.count(this.#stream, args);
  }

  /** Which action streams only the server knows; those of the model do not. */
  #isStreamable(action: string): boolean {
    return action !== "retrieve" && !WRITES.has(action) && this.#options.protocol !== "dcrf";
  }

  #isKeyed(action: string): boolean {
    return WRITES.has(action) && this.#options.protocol !== "dcrf";
  }
}

/** A primary key, or the arguments of a resource with another lookup field. */
function lookupArguments(lookup: unknown): Arguments {
  return typeof lookup === "object" && lookup !== null ? { ...lookup } : { pk: lookup };
}
