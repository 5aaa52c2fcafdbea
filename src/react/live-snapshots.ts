import type { LiveQuery, LiveSnapshot } from "../client/live-query.ts";

const SKIPPED: LiveSnapshot<never> = { status: "idle", data: undefined, error: null };
const LOADING: LiveSnapshot<never> = { status: "loading", data: undefined, error: null };

/** What a component shows of a query now; null: of none. A component that shows a query listens to it, so to begin with it is loading already. */
export function liveSnapshot<T>(query: LiveQuery<T> | null): LiveSnapshot<T> {
  if (query === null) return SKIPPED;
  const snapshot = query.getSnapshot();
  const isWaiting = snapshot.status === "idle" || snapshot.status === "loading";
  return isWaiting && snapshot.data === undefined ? LOADING : snapshot;
}

/** What the page shows that came from the server: there what is known, in the browser the same once more. */
export function serverLiveSnapshot<T>(query: LiveQuery<T> | null): LiveSnapshot<T> {
  if (query === null || isServer()) return liveSnapshot(query);
  return query.hydrated ?? LOADING;
}

function isServer(): boolean {
  return globalThis.document === undefined;
}
