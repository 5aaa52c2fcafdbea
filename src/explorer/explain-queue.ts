import type { ExplanationSteps } from "./explanation-steps.ts";
import type { ExplainedTarget } from "./find-target.ts";
import { eventsOf } from "./inspect-connection.ts";

/** Events wait while the peer does not read, and while it is owed a snapshot. */
export async function explainQueue(steps: ExplanationSteps, { known }: ExplainedTarget): Promise<void> {
  const { bytes, size } = eventsOf(known)?.queued ?? { bytes: 0, size: 0 };
  await steps.ask("connection", "reader", () => {
    if (size === 0) return { passed: true, detail: "Nothing waits for its reader." };
    const before = `${known.seen.bufferedBytes} bytes that the reader has not taken`;
    return { passed: false, detail: `It is on its way: ${size} events (${bytes} bytes) wait behind ${before}.` };
  });
}
