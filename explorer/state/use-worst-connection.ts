import type { ConnectionState } from "restwave/client";
import { useCallback, useSyncExternalStore } from "react";
import type { Line } from "../wire/line.ts";

/** From the best to the worst. */
const ORDER: readonly ConnectionState["status"][] = ["open", "idle", "connecting", "reconnecting", "closed"];

/** The line whose connection is worst off, and how; null without lines. */
export function useWorstConnection(lines: readonly Line[]): { readonly line: Line; readonly state: ConnectionState } | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = lines.map(({ client }) => client.connection.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
    [lines],
  );
  const worst = useCallback((): Line | null => [...lines].toSorted((a, b) => rankOf(b) - rankOf(a))[0] ?? null, [lines]);
  const state = useSyncExternalStore(subscribe, () => worst()?.client.connection.state ?? null);
  const line = worst();
  return line === null || state === null ? null : { line, state };
}

function rankOf({ client }: Line): number {
  return ORDER.indexOf(client.connection.state.status);
}
