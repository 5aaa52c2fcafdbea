import { useSyncExternalStore } from "react";
import type { LiveQuery } from "../client/live-query.ts";
import { dataOrSuspend } from "./data-or-suspend.ts";

/** Live data that is there. `stale`: as the server had it when the connection ended. */
export interface SuspenseLiveResult<T> {
  readonly data: T;
  readonly status: "live" | "stale";
}

/** Milliseconds for which data that has come waits for its component. */
const MOUNT_MS = 5000;

/** As `useLive`, but waits in the nearest `Suspense` for the first data; errors go to the nearest error boundary. */
export function useSuspenseLive<T>(query: LiveQuery<T>): SuspenseLiveResult<T> {
  const snapshot = useSyncExternalStore(query.subscribe, query.getSnapshot, () => query.hydrated ?? query.getSnapshot());
  const data = dataOrSuspend(query, snapshot, () => firstData(query));
  return { data, status: snapshot.status === "live" ? "live" : "stale" };
}

async function firstData(query: LiveQuery<unknown>): Promise<void> {
  const release = query.subscribe(() => undefined);
  // Whoever renders next finds the error.
  await query.ready().catch(() => undefined);
  setTimeout(release, MOUNT_MS);
}
