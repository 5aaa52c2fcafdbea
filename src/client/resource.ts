import { toActionName } from "../protocol/action-name.ts";
import { callResult, type CallResult } from "./call-result.ts";
import type { CallOptions } from "./call-options.ts";
import type { ClientOptions } from "./client-options.ts";
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

  create(data: unknown, options?: CallOptions): CallResult {
    return this.call("create", { data }, options);
  }

  update(lookup: unknown, data: unknown, options?: CallOptions): CallResult {
    return this.call("update", { ...lookupArguments(lookup), data }, options);
  }

  patch(lookup: unknown, data: unknown, options?: CallOptions): CallResult {
    return this.call("patch", { ...lookupArguments(lookup), data }, options);
  }

  delete(lookup: unknown, options?: CallOptions): CallResult {
    return this.call("delete", lookupArguments(lookup), options);
  }

  /** Any action, by its name on the wire. */
  call(action: string, args: Arguments = {}, options: CallOptions = {}): CallResult {
    const { timeout = this.#options.timeout ?? 30_000, signal } = options;
    const key = options.idempotencyKey ?? (this.#isKeyed(action) ? randomKey() : undefined);
    const call = this.#session.call({
      stream: this.#stream,
      action,
      args: key === undefined ? args : { ...args, idempotency_key: key },
      isRepeatable: key !== undefined || READS.has(action),
      timeout,
      signal,
    });
    return callResult(call);
  }

  /** A custom action, by its name in the code. */
  callByName(name: string, input?: Arguments, options?: CallOptions): CallResult {
    return this.call(toActionName(name), input, options);
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

  #isKeyed(action: string): boolean {
    return WRITES.has(action) && this.#options.protocol !== "dcrf";
  }
}

/** A primary key, or the arguments of a resource with another lookup field. */
function lookupArguments(lookup: unknown): Arguments {
  return typeof lookup === "object" && lookup !== null ? { ...lookup } : { pk: lookup };
}
