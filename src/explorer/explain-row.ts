import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { AnyModel } from "../models/model.ts";
import { parsePk } from "../models/parse-pk.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { explainNarrowings } from "./explain-narrowings.ts";
import { explainObjectPermissions } from "./explain-permissions.ts";
import { explainQueryset } from "./explain-queryset.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";
import { RowJudge } from "./row-judge.ts";

/**
 * Could `getObject` find the row that the lookup argument names, and may the action touch it?
 *
 * @returns the row; null when it could not be had.
 */
export async function explainRow(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  action: string,
  args: MessageArguments,
): Promise<object | null> {
  const visible = await explainQueryset(steps, consumer, args, null);
  const lookups = visible === null ? null : await explainLookup(steps, consumer, args, visible.model);
  if (visible === null || lookups === null) return null;
  const { model } = visible;
  const row = await findRow(visible, lookups);
  const shown = Object.entries(lookups).map(([name, value]) => `${name} ${String(value)}`);
  await steps.ask("row", shown.join(), () =>
    row === null
      ? { passed: false, detail: `There is no such row in ${model.tableName} at all.` }
      : { passed: true, detail: `It is in ${model.tableName}.` },
  );
  if (row === null) return null;
  const judge = new RowJudge(model, Reflect.get(row, model.pk.name), { exists: true });
  await explainQueryset(steps, consumer, args, judge);
  if (!steps.isRefused) await explainNarrowings(steps, consumer, args, { visible, judge });
  await explainObjectPermissions(steps, consumer, action, args, row);
  return steps.isRefused ? null : row;
}

/** A row that the user may see, if several have the value. */
async function findRow(visible: AnyQuerySet, lookups: Readonly<Record<string, unknown>>): Promise<object | null> {
  const all: AnyQuerySet = visible.model.objects.filterUntrusted(lookups);
  const { where } = visible.query;
  const seen: object | null = where === null ? null : await all.where(where).first();
  return seen ?? (await all.first());
}

/** What names the row; null when nothing does. */
async function explainLookup(
  steps: ExplanationSteps,
  { lookupField, lookupUrlKwarg }: AnyGenericConsumer,
  args: MessageArguments,
  model: AnyModel,
): Promise<Readonly<Record<string, unknown>> | null> {
  const argument = lookupUrlKwarg ?? lookupField;
  const field = lookupField === "pk" ? model.pk.name : lookupField;
  const value = Object.hasOwn(args, argument) ? parsePk(model, args[argument], field) : undefined;
  await steps.ask("input", argument, () => {
    if (!Object.hasOwn(args, argument)) return { passed: false, detail: "400: This field is required." };
    if (value === undefined) return { passed: false, detail: `404: no row can have this value as its ${field}.` };
    return { passed: true, detail: `It names a row by its ${field}.` };
  });
  return value === undefined || steps.isRefused ? null : { [field]: value };
}
