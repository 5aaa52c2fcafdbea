import type { ActionContext } from "./action-context.ts";
import { LoopShare } from "./loop-share.ts";
import { noReply, Reply } from "./reply.ts";

type Items = AsyncGenerator<unknown, unknown, void>;

/** How the items of a stream leave. */
export interface StreamOutlet {
  /** Takes the next step of the generator, in whatever surroundings its body needs. */
  next(items: Items): Promise<IteratorResult<unknown, unknown>>;
  send(result: unknown): Promise<void> | void;
  /** Resolves when the client has room for more; null when it has. */
  whenWritable(): Promise<void> | null | undefined;
}

/**
 * Sends a frame for each item (206, or the item's own status), then one for what the generator returns (200). Once the request is cancelled
 * nothing more is sent (DCRF) and the generator is ended: at its next `yield`, since JavaScript cannot interrupt an await.
 */
export async function pumpStream(items: Items, context: ActionContext, outlet: StreamOutlet): Promise<void> {
  const share = new LoopShare();
  try {
    for (let step = await outlet.next(items); !context.cancelled; step = await outlet.next(items)) {
      if (step.done === true) return await outlet.send(step.value);
      await outlet.send(step.value instanceof Reply ? step.value : new Reply(step.value, 206));
      await outlet.whenWritable();
      if (context.credit !== null && step.value !== noReply) await context.credit.spend(context);
      if (context.cancelled) return;
      await share.yieldIfUsedUp();
    }
  } catch (error) {
    if (!context.cancelled) throw error;
  } finally {
    await items.return(undefined);
  }
}
