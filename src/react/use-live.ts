import { useCallback, useState, useSyncExternalStore } from "react";
import type { LiveQuery, LiveSnapshot } from "../client/live-query.ts";
import type { LiveOptions } from "./live-options.ts";
import type { LiveResult } from "./live-result.ts";
import { liveSnapshot, serverLiveSnapshot } from "./live-snapshots.ts";
import { usePrevious } from "./use-previous.ts";

/**
 * Shows a live query, and keeps it live while the component is there. Made from equal arguments it is the same query, so it can be made while rendering.
 *
 * ```ts
 * const { data, error } = useLive(client.tasks.liveCount({ filters: { done: false } }));
 * ```
 *
 * @param query null and undefined: there is nothing to show yet.
 */
export function useLive<T>(query: LiveQuery<T> | null | undefined, options: LiveOptions = {}): LiveResult<T> {
  const { enabled = true, keepPrevious = false } = options;
  const shown = enabled ? (query ?? null) : null;
  const [attempt, setAttempt] = useState(0);
  // A failed query begins anew for the first who listens: another function, another subscription.
  const subscribe = useCallback((listener: () => void) => shown?.subscribe(listener) ?? doNothing, [shown, attempt]);
  const snapshot = useSyncExternalStore(
    subscribe,
    () => liveSnapshot(shown),
    () => serverLiveSnapshot(shown),
  );
  const previous = usePrevious(shown === null ? null : sourceOf(shown), snapshot.data);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return resultOf(snapshot, keepPrevious ? previous : undefined, retry);
}

function resultOf<T>({ status, data, error }: LiveSnapshot<T>, previous: T | undefined, retry: () => void): LiveResult<T> {
  const isPrevious = false;
  if (error !== null) return { status: "failed", data, error, isPrevious, retry };
  if (data !== undefined && (status === "live" || status === "stale")) return { status, data, error, isPrevious, retry };
  if (data === undefined && status === "idle") return { status, data: undefined, error, isPrevious, retry };
  return { status: "loading", data: data ?? previous, error, isPrevious: data === undefined && previous !== undefined, retry };
}

/** The same for all arguments. */
function sourceOf({ request: { kind, stream } }: LiveQuery<unknown>): string {
  return `${kind} ${stream ?? ""}`;
}

function doNothing(): void {}
