import { retrieveRead } from "./reads.ts";
import type { WithRetrieve } from "./with-retrieve.ts";
import { type SuspenseReadResult, useSuspenseRead } from "./use-suspense-read.ts";

/** As `useRetrieve`, but waits in the nearest `Suspense` for the row; if that fails, the error goes to the nearest error boundary. */
export function useSuspenseRetrieve<Lookup, T>(
  resource: WithRetrieve<Lookup, T>,
  lookup: NoInfer<Lookup>,
): SuspenseReadResult<T> {
  return useSuspenseRead(retrieveRead<Lookup, T>(resource, lookup));
}
