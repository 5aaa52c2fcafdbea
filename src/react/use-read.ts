import { useSyncExternalStore } from "react";
import type { Read, ReadSnapshot } from "./read.ts";
import type { ReadResult } from "./read-result.ts";
import { usePrevious } from "./use-previous.ts";

const SKIPPED: ReadSnapshot<never> = { data: undefined, error: null, pending: false };
const LOADING: ReadSnapshot<never> = { data: undefined, error: null, pending: true };

/**
 * Shows what was read. @param read null: nothing is asked. @param source of which an earlier answer may be shown meanwhile; undefined: none may.
 */
export function useRead<T>(read: Read<T> | null, source: object | undefined): ReadResult<T> {
  const snapshot = useSyncExternalStore(
    read?.subscribe ?? subscribeToNothing,
    () => read?.getSnapshot() ?? SKIPPED,
    () => (read === null ? SKIPPED : LOADING),
  );
  const previous = usePrevious(source, snapshot.data);
  return resultOf(snapshot, source === undefined ? undefined : previous, read?.refetch ?? doNothing);
}

function resultOf<T>(snapshot: ReadSnapshot<T>, previous: T | undefined, refetch: () => void): ReadResult<T> {
  const { data, error, pending } = snapshot;
  const isPrevious = false;
  if (error !== null) return { status: "failed", data, error, pending, isPrevious, refetch };
  if (data !== undefined) return { status: "ready", data, error, pending, isPrevious, refetch };
  if (!pending) return { status: "idle", data: undefined, error, pending, isPrevious, refetch };
  return { status: "loading", data: previous, error, pending, isPrevious: previous !== undefined, refetch };
}

function subscribeToNothing(): () => void {
  return doNothing;
}

function doNothing(): void {}
