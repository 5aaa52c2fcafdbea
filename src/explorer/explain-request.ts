import { type ActionDefinition, actionsOf, type ModelAction } from "../consumers/action-registry.ts";
import { type AnyGenericConsumer, GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { clipActionName, requireActionName } from "../consumers/requested-action.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { parseRequestId } from "../protocol/request-id.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { explainActionInput, explainInput } from "./explain-input.ts";
import { explainNarrowings } from "./explain-narrowings.ts";
import { explainPermissions } from "./explain-permissions.ts";
import { explainQueryset } from "./explain-queryset.ts";
import { explainRow } from "./explain-row.ts";
import { explainThrottles } from "./explain-throttles.ts";
import { ExplanationSteps } from "./explanation-steps.ts";
import { type ExplainedTarget, findTarget } from "./find-target.ts";
import { inSnapshot } from "./in-snapshot.ts";
import type { Explanation, ExplainRequestInput } from "./inspection.ts";

const LISTS: ReadonlySet<ModelAction | null> = new Set(["list", "page", "pages", "subscribe_list", "subscribe_count"]);
const ROWS: ReadonlySet<ModelAction | null> = new Set(["retrieve", "update", "patch", "delete", "subscribe_instance"]);
/** `list` alone answers all rows, whatever the pagination class. */
const PAGES: ReadonlySet<ModelAction | null> = new Set(["page", "pages", "subscribe_list"]);
const INPUTS: ReadonlySet<ModelAction | null> = new Set(["create", "update", "patch"]);

/**
 * Why would this request be refused now? Every rule is asked on the connection's own consumer, in the order in which the request itself asks them;
 * nothing is run, written or counted.
 */
export async function explainRequest(
  registry: ConnectionRegistry,
  input: ExplainRequestInput,
  settings: ConsumerSettings,
): Promise<Explanation> {
  const steps = new ExplanationSteps(settings);
  const target = await findTarget(steps, registry, input);
  if (target === null) return steps.finish("");
  const { consumer } = target;
  await inSnapshot(consumer, input.frame, () => explainFrame(steps, target, input.frame));
  return steps.finish(
    "Nothing refuses this request now. It was not run: what the action itself does, and what the database says to a write, was not tried.",
  );
}

async function explainFrame(
  steps: ExplanationSteps,
  target: ExplainedTarget,
  frame: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { consumer } = target;
  if (Object.hasOwn(frame, "request_id"))
    await steps.ask("input", "request_id", () => {
      parseRequestId(frame["request_id"]);
      return { passed: true, detail: "It can be repeated in the answer." };
    });
  const named = await readAction(steps, target, frame);
  if (named === null) return;
  const { name, args } = named;
  const definition = actionsOf(consumer).get(name);
  if (definition?.unguarded !== true) await explainPermissions(steps, consumer, name, args);
  const isThere = definition !== undefined && !isSwitchedOff(definition, target);
  await steps.ask("action", clipActionName(name), () =>
    isThere
      ? { passed: true, detail: `${consumer.constructor.name} has it.` }
      : { passed: false, detail: `405: ${consumer.constructor.name} has: ${[...actionsOf(consumer).keys()].join(", ")}.` },
  );
  if (!isThere) return;
  await explainThrottles(steps, target, definition, args);
  if (consumer instanceof GenericConsumer) await explainModelAction(steps, consumer, definition, args);
  await explainActionInput(steps, consumer, definition, args);
}

/** Null when the frame names no action. */
async function readAction(
  steps: ExplanationSteps,
  { consumer }: ExplainedTarget,
  frame: Readonly<Record<string, unknown>>,
): Promise<{ readonly name: string; readonly args: MessageArguments } | null> {
  try {
    const [action, args] = await consumer["getActionName"]({ ...frame });
    return { name: requireActionName(action), args };
  } catch (error) {
    await steps.ask("action", "action", () => {
      throw error;
    });
    return null;
  }
}

function isSwitchedOff({ model }: ActionDefinition, { consumer }: ExplainedTarget): boolean {
  return model === "authenticate" && consumer["connection"].settings.authenticateToken === null;
}

async function explainModelAction(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  { name, model }: ActionDefinition,
  args: MessageArguments,
): Promise<void> {
  if (LISTS.has(model)) return explainList(steps, consumer, args, PAGES.has(model));
  const row = ROWS.has(model) ? await explainRow(steps, consumer, name, args) : null;
  if (INPUTS.has(model))
    await explainInput(steps, consumer, { action: model ?? name, args, ...(row === null ? {} : { instance: row }) });
}

async function explainList(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  args: MessageArguments,
  isPaged: boolean,
): Promise<void> {
  const visible = await explainQueryset(steps, consumer, args, null);
  if (visible === null) return;
  await explainNarrowings(steps, consumer, args, { visible });
  const { paginationClass } = consumer;
  if (!isPaged || paginationClass === null) return;
  await steps.ask("window", paginationClass.name, async () => {
    const filtered = await consumer.filterQueryset(visible, args);
    await consumer.windowOf(filtered, args);
    return { passed: true, detail: "It takes the page that was asked for." };
  });
}
