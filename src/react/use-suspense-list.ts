import { listRead } from "./reads.ts";
import type { WithList } from "./with-list.ts";
import { type SuspenseReadResult, useSuspenseRead } from "./use-suspense-read.ts";

/** As `useList`, but waits in the nearest `Suspense` for the first answer; if that fails, its error goes to the nearest error boundary. */
export function useSuspenseList<Args, Content>(
  resource: WithList<Args, Content>,
  args?: NoInfer<Args>,
): SuspenseReadResult<Content> {
  return useSuspenseRead(listRead(resource, args));
}
