import { type DehydratedQuery, readDehydrated, requestKey } from "./dehydrated-query.ts";
import { LiveCount } from "./live-count.ts";
import { LiveInstance } from "./live-instance.ts";
import { LiveList } from "./live-list.ts";
import type { LiveQuery, LiveQueryOptions } from "./live-query.ts";
import { OptimisticLayers } from "./optimistic-layers.ts";
import type { Session } from "./session.ts";
import type { SubscriptionRequest } from "./subscription.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** The live queries of a client: equal ones are one, as long as somebody listens or it is still at hand. */
export class LiveQueries {
  readonly #session: Session;
  readonly #gracePeriod: number;
  /** What came with the page, until it is listened to. */
  readonly #arrived: Map<string, DehydratedQuery>;
  readonly #lists = new Known<LiveList>();
  readonly #instances = new Known<LiveInstance>();
  readonly #counts = new Known<LiveCount>();
  readonly layers = new OptimisticLayers((stream) => {
    for (const query of this.#usedOf(stream)) query.layersChanged();
  });

  /** @param hydrate what `dehydrated` became on the server; undefined: nothing. */
  constructor(session: Session, gracePeriod: number, hydrate: string | undefined) {
    this.#session = session;
    this.#gracePeriod = gracePeriod;
    this.#arrived = hydrate === undefined ? new Map() : readDehydrated(hydrate);
    const { state } = session.socket;
    state.subscribe(() => {
      if (state.value.status !== "closed") return;
      for (const known of [this.#lists, this.#instances, this.#counts]) for (const query of known.used) query.clientClosed();
    });
  }

  /** All that is known. */
  dehydrated(): DehydratedQuery[] {
    const queries = [...this.#lists.all(), ...this.#instances.all(), ...this.#counts.all()];
    return queries.map((query) => query.dehydrated()).filter((query) => query !== null);
  }

  list(stream: string | null, args: Arguments): LiveList {
    return this.#lists.get({ stream, kind: "list", args: structuredClone(args) }, (request) =>
      this.#hydrated(new LiveList(this.#optionsFor(request, this.#lists))),
    );
  }

  instance(stream: string | null, args: Arguments): LiveInstance {
    return this.#instances.get({ stream, kind: "instance", args: structuredClone(args) }, (request) =>
      this.#hydrated(new LiveInstance(this.#optionsFor(request, this.#instances))),
    );
  }

  count(stream: string | null, args: Arguments): LiveCount {
    return this.#counts.get({ stream, kind: "count", args: structuredClone(args) }, (request) =>
      this.#hydrated(new LiveCount(this.#optionsFor(request, this.#counts))),
    );
  }

  #hydrated<Q extends LiveQuery<unknown>>(query: Q): Q {
    const arrived = this.#arrived.get(requestKey(query.request));
    if (arrived !== undefined) query.hydrate(arrived);
    return query;
  }

  /** Resolves when the queries of a stream that are listened to are as the server has them, or have failed. */
  async whenLive(stream: string | null): Promise<boolean> {
    const waiting = this.#usedOf(stream).filter(({ status }) => status === "loading" || status === "stale");
    await Promise.all(waiting.map((query) => query.whenSettled()));
    return waiting.length === 0;
  }

  #usedOf(stream: string | null): readonly (LiveList | LiveInstance)[] {
    return [...this.#lists.used, ...this.#instances.used].filter(({ request }) => request.stream === stream);
  }

  #optionsFor<Q extends object>(request: SubscriptionRequest, known: Known<Q>): LiveQueryOptions {
    return {
      session: this.#session,
      request,
      gracePeriod: this.#gracePeriod,
      layers: this.layers,
      onUse: (isUsed) => {
        known.use(request, isUsed);
        if (isUsed) this.#arrived.delete(requestKey(request));
      },
    };
  }
}

/** Queries by what they ask for. Those that are used are held; others as long as the application holds them. */
class Known<Q extends object> {
  readonly #used = new Map<SubscriptionRequest, Q>();
  readonly #byKey = new Map<string, WeakRef<Q>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#byKey.get(key)?.deref() === undefined) this.#byKey.delete(key);
  });

  get(request: SubscriptionRequest, make: (request: SubscriptionRequest) => Q): Q {
    const key = requestKey(request);
    const known = this.#byKey.get(key)?.deref();
    if (known !== undefined) return known;
    const made = make(request);
    this.#byKey.set(key, new WeakRef(made));
    this.#gone.register(made, key);
    return made;
  }

  all(): Q[] {
    return [...this.#byKey.values()].map((known) => known.deref()).filter((query) => query !== undefined);
  }

  get used(): Iterable<Q> {
    return this.#used.values();
  }

  use(request: SubscriptionRequest, isUsed: boolean): void {
    const query = this.#byKey.get(requestKey(request))?.deref();
    if (isUsed && query !== undefined) this.#used.set(request, query);
    else this.#used.delete(request);
  }
}
