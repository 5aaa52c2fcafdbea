import type { Row } from "../client/fold-rows.ts";
import type { WithLiveList } from "./with-live.ts";
import { type SuspenseLiveResult, useSuspenseLive } from "./use-suspense-live.ts";

/** A live list that is there; `page` is what its page says beside the rows, null where there are no pages. */
export type SuspenseLiveListResult<T> = SuspenseLiveResult<readonly T[]> & { readonly page: Row | null };

/**
 * As `useLiveList`, but waits in the nearest `Suspense` for the first rows; errors go to the nearest error boundary. To keep the rows of the old arguments until
 * those of the new are there, change them in a transition.
 */
export function useSuspenseLiveList<Args, T>(resource: WithLiveList<Args, T>, args?: NoInfer<Args>): SuspenseLiveListResult<T> {
  const query = resource.live(args);
  return { ...useSuspenseLive(query), page: query.page };
}
