import { useCallback, useContext, useSyncExternalStore } from "react";
import type { ClientMembers } from "../client/client.ts";
import type { ConnectionState } from "../client/connection-state.ts";
import { ClientContext } from "./client-context.ts";
import { noProvider } from "./no-provider.ts";

const IDLE: ConnectionState = { status: "idle" };

/**
 * Where the connection is, to tell the user: `reconnecting` says why, and when the next attempt is.
 *
 * @param client default: that of the nearest `RestwaveProvider`.
 */
export function useConnectionState(client?: Pick<ClientMembers, "connection">): ConnectionState {
  const nearest = useContext(ClientContext);
  const { connection } = client ?? nearest ?? noProvider();
  const subscribe = useCallback((listener: () => void) => connection.subscribe(listener), [connection]);
  return useSyncExternalStore(
    subscribe,
    () => connection.state,
    () => IDLE,
  );
}
