import { useConnectionState } from "restwave/react";
import { useWrites } from "./notices.tsx";

const LABELS = {
  idle: "Connecting",
  connecting: "Connecting",
  open: "Live",
  reconnecting: "Offline",
  closed: "Disconnected",
} as const;

/** Whether what is shown is what the server has, and how many edits wait for it. */
export function ConnectionBadge() {
  const { status } = useConnectionState();
  const { waiting } = useWrites();
  return (
    <span className="badge" data-status={status} role="status">
      <span className="badge-dot" aria-hidden="true" />
      {LABELS[status]}
      {status !== "open" && waiting > 0 && <span className="badge-waiting">{edits(waiting)}</span>}
    </span>
  );
}

function edits(count: number): string {
  return count === 1 ? "1 edit waits" : `${count} edits wait`;
}
