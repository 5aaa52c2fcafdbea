import { useSyncExternalStore } from "react";
import { dataOrSuspend } from "./data-or-suspend.ts";
import type { Read } from "./read.ts";

/** An answer that is there. */
export interface SuspenseReadResult<T> {
  readonly data: T;
  /** Why it could not be asked for again. */
  readonly error: Error | null;
  /** Is it being asked for again? */
  readonly pending: boolean;
  readonly refetch: () => void;
}

/** Waits in the nearest `Suspense` for the first answer; if that fails, its error goes to the nearest error boundary. */
export function useSuspenseRead<T>(read: Read<T>): SuspenseReadResult<T> {
  const { data, error, pending } = useSyncExternalStore(read.subscribe, read.getSnapshot, read.getSnapshot);
  const { refetch } = read;
  if (data !== undefined) return { data, error, pending, refetch };
  return { data: dataOrSuspend(read, { data, error }, () => read.settled()), error, pending, refetch };
}
