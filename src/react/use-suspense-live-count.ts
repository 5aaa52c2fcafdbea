import type { WithLiveCount } from "./with-live.ts";
import { type SuspenseLiveResult, useSuspenseLive } from "./use-suspense-live.ts";

/** As `useLiveCount`, but waits in the nearest `Suspense` for the number; errors go to the nearest error boundary. */
export function useSuspenseLiveCount<Args>(resource: WithLiveCount<Args>, args?: NoInfer<Args>): SuspenseLiveResult<number> {
  return useSuspenseLive(resource.liveCount(args));
}
