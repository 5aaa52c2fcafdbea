import type { WithLiveInstance } from "./with-live.ts";
import { type SuspenseLiveResult, useSuspenseLive } from "./use-suspense-live.ts";

/** As `useLiveInstance`, but waits in the nearest `Suspense` for the row; errors go to the nearest error boundary. */
export function useSuspenseLiveInstance<Lookup, T>(
  resource: WithLiveInstance<Lookup, T>,
  lookup: NoInfer<Lookup>,
): SuspenseLiveResult<T | null> {
  return useSuspenseLive(resource.liveInstance(lookup));
}
