import type { LiveOptions } from "./live-options.ts";
import type { LiveResult } from "./live-result.ts";
import type { WithLiveInstance } from "./with-live.ts";
import { useLive } from "./use-live.ts";

/**
 * Shows one row as the server has it; `data` is null once it is gone. A row that is not there to begin with is an error of status 404.
 *
 * @param lookup its primary key, or its lookup field and value; null and undefined: there is nothing to show yet.
 */
export function useLiveInstance<Lookup, T>(
  resource: WithLiveInstance<Lookup, T>,
  lookup: NoInfer<Lookup> | null | undefined,
  options?: LiveOptions,
): LiveResult<T | null> {
  return useLive(lookup === null || lookup === undefined ? null : resource.liveInstance(lookup), options);
}
