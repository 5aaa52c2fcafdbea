import { BoundModelObserver } from "../observers/bound-model-observer.ts";
import type { ObserverSubscription } from "../observers/observer-subscription.ts";
import { SignalObserver } from "../observers/signal-observer.ts";
import type { StreamSession } from "../routing/sessions-of.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- whatever an application observes
export type AnyModelObserver = BoundModelObserver<any, any>;
// oxlint-disable-next-line typescript/no-explicit-any -- whatever an application observes
export type AnySignalObserver = SignalObserver<any, any, any>;

/** What a consumer listens to by a `modelObserver` or an `observer`. */
export interface ObservedSubscription {
  readonly observer: AnyModelObserver | AnySignalObserver;
  readonly subscription: ObserverSubscription;
}

/** What one consumer of a connection listens to, by its observers. */
export function observedSubscriptions({ session }: StreamSession): readonly ObservedSubscription[] {
  return Object.values(session)
    .filter(isObserver)
    .flatMap((observer) => observer.subscriptions.map((subscription) => ({ observer, subscription })));
}

/** What is listened to, in words: `post in groups "author-1", "author-2"`. */
export function describeObserved({ observer, subscription: { groups } }: ObservedSubscription): string {
  const what = observer instanceof BoundModelObserver ? observer.model.verboseName : "a signal";
  return `${what} in ${describeGroups(groups)}`;
}

const MAX_GROUPS = 20;

/** Groups by name; of many the first. */
export function describeGroups(groups: readonly string[]): string {
  if (groups.length === 0) return "no group";
  const shown = groups.slice(0, MAX_GROUPS).map((group) => JSON.stringify(group));
  const more = groups.length > MAX_GROUPS ? `, and ${groups.length - MAX_GROUPS} more` : "";
  return `${groups.length === 1 ? "group" : "groups"} ${shown.join(", ")}${more}`;
}

function isObserver(field: unknown): field is AnyModelObserver | AnySignalObserver {
  return field instanceof BoundModelObserver || field instanceof SignalObserver;
}
