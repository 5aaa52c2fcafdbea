import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { SeenSubscription } from "../consumers/instrumentation.ts";
import { BoundModelObserver } from "../observers/bound-model-observer.ts";
import { LiveSession } from "../observers/live-session.ts";
import type { LiveSubscription } from "../observers/live-subscription.ts";
import { SocketEvents } from "../observers/socket-events.ts";
import { encodeJson } from "../protocol/json.ts";
import { sessionsOf, type StreamSession } from "../routing/sessions-of.ts";
import type { RegisteredConnection } from "./connection-registry.ts";
import { describeQueryset } from "./describe-queryset.ts";
import { describeUser } from "./describe-user.ts";
import type { InspectedConnection, InspectedSubscription } from "./inspection.ts";
import { describeObserved, type ObservedSubscription, observedSubscriptions } from "./observed-subscriptions.ts";
import { shownArguments } from "./shown-arguments.ts";

/** What the page gives in the query of its own connections. */
export const TAG = "explorer_tag";

const MAX_SUBSCRIPTIONS = 100;

/** The tag of a connection; null for one that the page did not open. */
export function tagOf({ seen }: RegisteredConnection): string | null {
  return seen.scope.query.get(TAG);
}

/** A connection as the page shows it: names, counts, arguments of subscriptions and positions, nothing of a query, a header or a cookie. */
export function inspectConnection(known: RegisteredConnection): InspectedConnection {
  const { seen, requests, failures, eventFrames } = known;
  const { scope } = seen;
  const events = eventsOf(known);
  const subscriptions = subscriptionsOf(known);
  return {
    id: seen.id,
    type: scope.type,
    path: scope.path,
    tag: tagOf(known),
    user: describeUser(scope.user),
    address: scope.client.address,
    subprotocol: scope.subprotocol,
    openedAt: seen.openedAt,
    bufferedBytes: seen.bufferedBytes,
    queuedEventBytes: events?.queued.bytes ?? 0,
    queuedEvents: events?.queued.size ?? 0,
    requests,
    failures,
    eventFrames,
    subscriptions: subscriptions.slice(0, MAX_SUBSCRIPTIONS),
    moreSubscriptions: Math.max(0, subscriptions.length - MAX_SUBSCRIPTIONS),
  };
}

/** The events on their way to a connection, if it has ever subscribed. */
export function eventsOf({ seen }: RegisteredConnection): SocketEvents | undefined {
  const [consumer] = sessionsOf(seen.session)
    .map(({ session }) => session)
    .filter(isConsumer);
  return consumer === undefined ? undefined : SocketEvents.known(consumer["connection"]);
}

function isConsumer(session: unknown): session is AsyncAPIConsumer {
  return session instanceof AsyncAPIConsumer;
}

function subscriptionsOf(known: RegisteredConnection): readonly InspectedSubscription[] {
  return sessionsOf(known.seen.session).flatMap((place) => [
    ...liveSubscriptions(place).map((subscription) => inspectSubscription(subscription, place, known)),
    ...observedSubscriptions(place).map((observed) => inspectObserved(observed, place)),
  ]);
}

/** What one consumer of a connection follows. */
export function liveSubscriptions({ session }: StreamSession): readonly LiveSubscription[] {
  return session instanceof GenericConsumer ? (LiveSession.known(session)?.subscriptions ?? []) : [];
}

function inspectSubscription(
  subscription: LiveSubscription,
  { stream }: StreamSession,
  { seen, subscriptions }: RegisteredConnection,
): InspectedSubscription {
  const { consumer, action, requestId, args, tap } = subscription;
  const isIt = (one: SeenSubscription): boolean => one.stream === stream && one.action === action && one.requestId === requestId;
  return {
    kind: "live",
    consumer: consumer.constructor.name,
    stream,
    action,
    requestId: encodeJson(requestId),
    args: shownArguments(args),
    matches: tap === null ? "" : describeQueryset(tap.queryset),
    position: tap?.told === undefined || tap.told === null ? null : String(tap.told),
    startedAt: [...subscriptions].find(isIt)?.startedAt ?? seen.openedAt,
  };
}

/** Without what `subscribe` was given, which is the application's own and may hold anything. */
function inspectObserved(observed: ObservedSubscription, { stream }: StreamSession): InspectedSubscription {
  const { consumer, action, requestId, startedAt } = observed.subscription;
  return {
    kind: observed.observer instanceof BoundModelObserver ? "model_observer" : "observer",
    consumer: consumer.constructor.name,
    stream,
    action,
    requestId: encodeJson(requestId),
    args: {},
    matches: describeObserved(observed),
    position: null,
    startedAt,
  };
}
