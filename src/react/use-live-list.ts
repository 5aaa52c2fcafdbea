import type { Row } from "../client/fold-rows.ts";
import type { LiveOptions } from "./live-options.ts";
import type { LiveResult } from "./live-result.ts";
import type { WithLiveList } from "./with-live.ts";
import { useLive } from "./use-live.ts";

/** A live list; `page` is what its page says beside the rows (`count`, `limit` ...), null where there are no pages. */
export type LiveListResult<T> = LiveResult<readonly T[]> & { readonly page: Row | null };

/**
 * Shows a list as the server has it, whoever changes it. Components with equal arguments share one subscription, which ends when none of them is left.
 *
 * ```ts
 * const { data, error } = useLiveList(client.tasks, { filters: { done: false }, ordering: "-priority" });
 * ```
 *
 * @param args those of `list`. They may be a new object each time.
 */
export function useLiveList<Args, T>(
  resource: WithLiveList<Args, T>,
  args?: NoInfer<Args>,
  options?: LiveOptions,
): LiveListResult<T> {
  const query = resource.live(args);
  return { ...useLive(query, options), page: query.page };
}
