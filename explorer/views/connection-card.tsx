import type { InspectedConnection, InspectedSubscription } from "../../src/explorer/inspection.ts";
import { Icon } from "../parts/icon.tsx";

/** One connection with its queues and subscriptions. */
export function ConnectionCard({ connection, isOwn, now }: { connection: InspectedConnection; isOwn: boolean; now: number }) {
  const {
    user,
    path,
    type,
    address,
    subprotocol,
    openedAt,
    requests,
    failures,
    eventFrames,
    bufferedBytes,
    queuedEvents,
    queuedEventBytes,
  } = connection;
  return (
    <li className={isOwn ? "panel connection connection-own" : "panel connection"}>
      <div className="connection-head">
        <Icon name="user" />
        <strong>{user === null ? "Nobody" : user.name}</strong>
        {user !== null && user.id !== user.name && <span className="muted">id {user.id}</span>}
        {isOwn && <span className="pill pill-good">This page</span>}
        <code>{path}</code>
        <span className="muted">
          {type === "websocket" ? (subprotocol ?? "WebSocket") : "HTTP"}, {address}, for {shownAge(now - openedAt)}
        </span>
      </div>
      <dl className="facts">
        <Fact name="Requests" value={String(requests)} />
        <Fact name="Failed" value={String(failures)} isBad={failures > 0} />
        <Fact name="Event frames" value={String(eventFrames)} />
        <Fact
          name="Waiting events"
          value={queuedEvents === 0 ? "0" : `${queuedEvents}, ${shownBytes(queuedEventBytes)}`}
          isBad={queuedEvents > 100}
        />
        <Fact name="In the socket" value={shownBytes(bufferedBytes)} isBad={bufferedBytes > 1_000_000} />
      </dl>
      {connection.subscriptions.length > 0 && (
        <ul className="subscription-list" aria-label="Subscriptions">
          {connection.subscriptions.map((subscription) => (
            <SubscriptionItem
              key={`${subscription.stream ?? ""} ${subscription.action} ${subscription.requestId}`}
              subscription={subscription}
            />
          ))}
        </ul>
      )}
      {connection.moreSubscriptions > 0 && (
        <p className="muted">{connection.moreSubscriptions} more subscriptions are not listed.</p>
      )}
    </li>
  );
}

function SubscriptionItem({ subscription }: { subscription: InspectedSubscription }) {
  const { consumer, stream, action, requestId, matches, position, args } = subscription;
  return (
    <li className="subscription">
      <p>
        <strong>{stream ?? consumer}</strong> <code>{action}</code> <span className="muted">request {requestId}</span>
      </p>
      <p className="matches">{matches}</p>
      <p className="muted small">
        {position !== null && (
          <>
            told up to <code>{position}</code>
          </>
        )}
        {Object.keys(args).length > 0 && (
          <>
            {" "}
            asked with <code>{JSON.stringify(args)}</code>
          </>
        )}
      </p>
    </li>
  );
}

function Fact({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isBad ? "problem" : undefined}>{value}</dd>
    </div>
  );
}

function shownBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

function shownAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
