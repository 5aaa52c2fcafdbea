import type { ConnectionState } from "restwave/client";
import { useConnectionState } from "restwave/react";
import { useEffect } from "react";
import { announce } from "../state/announcer.ts";
import { useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { useWorstConnection } from "../state/use-worst-connection.ts";

const TEXTS: Readonly<Record<ConnectionState["status"], string>> = {
  idle: "Not connected",
  connecting: "Connecting",
  open: "Connected",
  reconnecting: "Reconnecting",
  closed: "Closed",
};
const TONES: Readonly<Record<ConnectionState["status"], string>> = {
  idle: "",
  connecting: "",
  open: "pill-good",
  reconnecting: "pill-warn",
  closed: "pill-bad",
};

/** Whether the connections of this page stand: of several the worst is told; before there are any, the inspector's. */
export function ConnectionBadge() {
  const session = useSession();
  const worst = useWorstConnection(useStore(useLines().all));
  const inspected = useConnectionState(session.inspector.client);
  const state = worst?.state ?? inspected;
  const { status } = state;
  useEffect(() => {
    if (status !== "idle" && status !== "connecting") announce(`${TEXTS[status]}.`);
  }, [status]);
  return (
    <>
      <span className={`pill badge ${TONES[status]}`}>{TEXTS[status]}</span>
      {(state.status === "reconnecting" || state.status === "closed") && (
        <div className="connection-notice">
          <p>
            <strong>{state.status === "closed" ? "The connection is closed." : "There is no connection."}</strong> {state.reason}
          </p>
          {state.status === "closed" ? (
            <button type="button" onClick={() => session.reconnect()}>
              Connect again
            </button>
          ) : (
            <p className="muted">It is tried again; what is shown is of before.</p>
          )}
        </div>
      )}
    </>
  );
}
