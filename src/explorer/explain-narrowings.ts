import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { verdictOn } from "./explain-queryset.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";
import { narrowingsOf } from "./narrowings-of.ts";
import type { RowJudge } from "./row-judge.ts";

/** Is each filter known and its value one that it takes? With a row: does the row match it too? */
export async function explainNarrowings(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  args: MessageArguments,
  { visible, judge = null }: { visible: AnyQuerySet; judge?: RowJudge | null },
): Promise<void> {
  for (const narrowing of narrowingsOf(consumer, args)) {
    const { kind, name, selects } = narrowing;
    await steps.askAnyway(kind, name, async () => {
      const { query } = await narrowing.apply(visible);
      if (judge === null || !selects) return { passed: true, detail: "It is known, and its value is one that it takes." };
      return verdictOn(judge, query.where, "The row");
    });
  }
}
