import type { RequestId } from "../protocol/request-id.ts";

interface GroupSubscription {
  readonly ids: Set<RequestId>;
  /** Has somebody subscribed without naming a request? */
  isUnnamed: boolean;
  readonly joined: Promise<void>;
}

/** Which requests of one connection subscribed to which groups of one observer. */
export class SubscribingRequests {
  private readonly subscriptions = new Map<string, GroupSubscription>();

  get groups(): string[] {
    return [...this.subscriptions.keys()];
  }

  has(group: string): boolean {
    return this.subscriptions.has(group);
  }

  /** The requests that subscribed to the group, in that order; null when it is not subscribed to. */
  idsOf(group: string): readonly RequestId[] | null {
    const subscription = this.subscriptions.get(group);
    return subscription === undefined ? null : [...subscription.ids];
  }

  /** Notes a subscription. `join` is called for the first one of a group; resolves when that is done. */
  async add(group: string, requestId: RequestId, join: () => Promise<void>): Promise<void> {
    const subscription = this.subscriptions.get(group) ?? { ids: new Set(), isUnnamed: false, joined: join() };
    this.subscriptions.set(group, subscription);
    if (requestId === null) subscription.isUnnamed = true;
    else subscription.ids.add(requestId);
    try {
      await subscription.joined;
    } catch (error) {
      if (this.subscriptions.get(group) === subscription) this.subscriptions.delete(group);
      throw error;
    }
  }

  /** Forgets a request, or with null all of the group. True when that was the last one. */
  remove(group: string, requestId: RequestId): boolean {
    const subscription = this.subscriptions.get(group);
    if (subscription === undefined) return false;
    subscription.ids.delete(requestId);
    const isLast = requestId === null || (subscription.ids.size === 0 && !subscription.isUnnamed);
    return isLast && this.subscriptions.delete(group);
  }
}
