import { type ActionContext, RequestCancelled } from "./action-context.ts";
import type { OrderedLane } from "./ordered-lane.ts";

/** What waits for its turn. */
export interface Turn {
  readonly hasEnded: () => boolean;
  readonly run: () => Promise<void>;
}

/**
 * Runs a request when those before it in the lane have ended. One that is cancelled while it waits is answered at once and not run; one whose client
 * has gone (`hasEnded`) is run.
 */
export function runInTurn(lane: OrderedLane, context: ActionContext, { hasEnded, run }: Turn): Promise<void> {
  if (lane.isIdle) return lane.run(run);
  const cancelled = new Promise<void>((_resolve, reject) => {
    context.onCancel = () => {
      if (!hasEnded()) reject(new RequestCancelled());
    };
  });
  const turn = lane.run(async () => {
    context.onCancel = null;
    if (!context.cancelled || hasEnded()) await run();
  });
  return Promise.race([turn, cancelled]);
}
