import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { Where } from "../models/where.ts";
import { describeWhere } from "./describe-where.ts";
import type { ExplanationSteps, Finding } from "./explanation-steps.ts";
import { conjunctsOf, type RowJudge } from "./row-judge.ts";

/**
 * Is the row in what this user may see, by `getQueryset`? Lookup by lookup.
 *
 * @returns the queryset; null when it could not be had or does not hold the row.
 */
export async function explainQueryset(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  args: MessageArguments,
  judge: RowJudge | null,
): Promise<AnyQuerySet | null> {
  if (steps.isRefused) return null;
  let visible: AnyQuerySet | null = null;
  try {
    visible = await consumer.getQueryset(args);
  } catch (error) {
    await steps.ask("queryset", "getQueryset", () => {
      throw error;
    });
    return null;
  }
  if (judge !== null) await explainConditions(steps, visible, judge);
  return steps.isRefused ? null : visible;
}

async function explainConditions(steps: ExplanationSteps, { model, query }: AnyQuerySet, judge: RowJudge): Promise<void> {
  const conditions = conjunctsOf(query.where);
  if (conditions.length === 0)
    await steps.ask("queryset", "getQueryset", () => ({ passed: true, detail: "This user may see every row." }));
  for (const condition of conditions)
    await steps.ask("queryset", describeWhere(model, condition), () => verdictOn(judge, condition, "The row"));
}

/** Whether a row meets conditions, as a finding. */
export async function verdictOn(judge: RowJudge, where: Where | null, subject: string): Promise<Finding> {
  const passed = await judge.matches(where);
  if (passed === null) return { passed, detail: `${subject} is gone, and the change log does not tell whether it matched.` };
  return { passed, detail: `${subject} ${judge.exists ? "" : "was gone; it "}${passed ? "matches" : "does not match"}.` };
}
