import type { RequestId } from "../protocol/request-id.ts";
import { ObserverSubscription, type ObserverRequest } from "./observer-subscription.ts";

interface JoinedGroup {
  readonly ids: Set<RequestId>;
  /** Has somebody subscribed without naming a request? */
  isUnnamed: boolean;
  readonly joined: Promise<void>;
}

/** Which requests of one connection subscribed to which groups of one observer. */
export class SubscribingRequests {
  readonly #groups = new Map<string, JoinedGroup>();
  readonly #subscriptions = new Map<RequestId, ObserverSubscription>();

  get groups(): string[] {
    return [...this.#groups.keys()];
  }

  /** One for each request, and one for all that named none. */
  get subscriptions(): readonly ObserverSubscription[] {
    return [...this.#subscriptions.values()];
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  /** The requests that subscribed to the group, in that order; null when it is not subscribed to. */
  idsOf(group: string): readonly RequestId[] | null {
    const known = this.#groups.get(group);
    return known === undefined ? null : [...known.ids];
  }

  /** Notes a subscription. `join` is called for the first one of a group; resolves when that is done for all. */
  async add(groups: readonly string[], request: ObserverRequest, join: (group: string) => Promise<void>): Promise<void> {
    await Promise.all(groups.map((group) => this.#addTo(group, request.requestId, join)));
    const open = groups.filter((group) => this.#isSubscribed(group, request.requestId));
    if (open.length === 0) return;
    const known = this.#subscriptions.get(request.requestId);
    if (known === undefined) this.#subscriptions.set(request.requestId, new ObserverSubscription(request, open));
    else known.join(open);
  }

  /** Forgets a request, or with null all of the group. True when that was the last one. */
  remove(group: string, requestId: RequestId): boolean {
    const known = this.#groups.get(group);
    if (known === undefined) return false;
    for (const id of requestId === null ? [...known.ids, null] : [requestId]) this.#leave(group, id);
    known.ids.delete(requestId);
    const isLast = requestId === null || (known.ids.size === 0 && !known.isUnnamed);
    return isLast && this.#groups.delete(group);
  }

  async #addTo(group: string, requestId: RequestId, join: (group: string) => Promise<void>): Promise<void> {
    const known = this.#groups.get(group) ?? { ids: new Set(), isUnnamed: false, joined: join(group) };
    this.#groups.set(group, known);
    if (requestId === null) known.isUnnamed = true;
    else known.ids.add(requestId);
    try {
      await known.joined;
    } catch (error) {
      if (this.#groups.get(group) === known) this.#groups.delete(group);
      throw error;
    }
  }

  #isSubscribed(group: string, requestId: RequestId): boolean {
    const known = this.#groups.get(group);
    return known !== undefined && (requestId === null ? known.isUnnamed : known.ids.has(requestId));
  }

  #leave(group: string, requestId: RequestId): void {
    const subscription = this.#subscriptions.get(requestId);
    if (subscription?.leave(group) === true) this.#subscriptions.delete(requestId);
  }
}
