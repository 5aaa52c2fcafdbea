import type { LiveOptions } from "./live-options.ts";
import type { LiveResult } from "./live-result.ts";
import type { WithLiveCount } from "./with-live.ts";
import { useLive } from "./use-live.ts";

/** Shows how many rows there are, kept right. @param args `filters` and `search`, as `list` takes them. */
export function useLiveCount<Args>(
  resource: WithLiveCount<Args>,
  args?: NoInfer<Args>,
  options?: LiveOptions,
): LiveResult<number> {
  return useLive(resource.liveCount(args), options);
}
