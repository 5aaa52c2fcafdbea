import type { InspectedConnection } from "../../src/explorer/inspection.ts";
import { useState } from "react";
import { ConnectionCard } from "./connection-card.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";

/** Who is connected to this process, and what each has subscribed to. */
export function ConnectionsView() {
  const { inspector } = useSession();
  const server = useStore(inspector.server);
  const lines = useStore(useLines().all);
  const [text, setText] = useState("");
  const own = new Set(lines.map(({ tag }) => tag));
  const wanted = text.trim().toLowerCase();
  const shown = (server?.connections ?? []).filter((connection) => matches(connection, wanted));
  return (
    <>
      <PageHead title="Connections" about="Of this process, as they are now. The inspector's own are left out." />
      {server === null && <Skeleton rows={6} label="Loading connections" />}
      {server !== null && (
        <>
          <dl className="tiles">
            <Tile name="Connections" value={String(server.connections.length + server.moreConnections)} />
            <Tile
              name="Subscriptions"
              value={String(server.connections.reduce((sum, one) => sum + one.subscriptions.length + one.moreSubscriptions, 0))}
            />
            <Tile name="Live queries" value={String(server.positions.reduce((sum, { liveQueries }) => sum + liveQueries, 0))} />
            {server.positions.map(({ database, position }) => (
              <Tile key={database} name={`Position of ${database}`} value={position ?? "none"} isLong />
            ))}
          </dl>
          <div className="controls">
            <SearchField
              id="connections-filter"
              icon="search"
              label="Search connections"
              placeholder="User, path, address, subscription"
              value={text}
              onChange={setText}
            />
          </div>
          {shown.length === 0 && (
            <Notice icon="connections" title={wanted === "" ? "Nobody is connected." : "No connection matches."} />
          )}
          <ul className="connection-list">
            {shown.map((connection) => (
              <ConnectionCard
                key={connection.id}
                connection={connection}
                isOwn={connection.tag !== null && own.has(connection.tag)}
                now={server.at}
              />
            ))}
          </ul>
          {server.moreConnections > 0 && <p className="muted">{server.moreConnections} more are not listed.</p>}
        </>
      )}
    </>
  );
}

function Tile({ name, value, isLong = false }: { name: string; value: string; isLong?: boolean }) {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd className={isLong ? "tile-long" : undefined}>{value}</dd>
    </div>
  );
}

function matches(connection: InspectedConnection, wanted: string): boolean {
  return (
    wanted === "" ||
    JSON.stringify([connection.user, connection.path, connection.address, connection.subscriptions])
      .toLowerCase()
      .includes(wanted)
  );
}
