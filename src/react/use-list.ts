import { listRead } from "./reads.ts";
import type { ReadOptions, ReadResult } from "./read-result.ts";
import type { WithList } from "./with-list.ts";
import { useRead } from "./use-read.ts";

/**
 * Shows what `list` answered when it was asked: for what need not be live. Asked again by `refetch`, for other arguments, and when a component is mounted
 * more than five seconds after the answer. Components with equal arguments share request and answer; a request that nobody waits for is cancelled.
 *
 * ```ts
 * const { data, error, pending, refetch } = useList(client.tasks, { filters: { done: true } });
 * ```
 *
 * @param args they may be a new object each time.
 */
export function useList<Args, Content>(
  resource: WithList<Args, Content>,
  args?: NoInfer<Args>,
  { enabled = true, keepPrevious = false }: ReadOptions = {},
): ReadResult<Content> {
  return useRead(enabled ? listRead(resource, args) : null, keepPrevious ? resource : undefined);
}
