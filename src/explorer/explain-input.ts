import { isAction } from "../consumers/action.ts";
import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { ActionDefinition } from "../consumers/action-registry.ts";
import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { withoutEnvelope } from "../consumers/requested-action.ts";
import { validateInput } from "../consumers/standard-schema.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import { asSerializerErrors } from "../serializers/error-list.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";

/** What the serializer is asked. */
export interface ExplainedInput {
  readonly action: string;
  readonly args: MessageArguments;
  /** The row that is to be changed. */
  readonly instance?: object;
}

/** Would the serializer take `data`? Each field that it refuses by name. Nothing is saved. */
export async function explainInput(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  { action, args, instance }: ExplainedInput,
): Promise<void> {
  if (steps.isRefused) return;
  if (!Object.hasOwn(args, "data")) {
    await steps.ask("input", "data", () => ({ passed: false, detail: "400: This field is required." }));
    return;
  }
  const partial = action === "patch" ? { partial: true } : {};
  const made = { action, args, data: args["data"], ...(instance === undefined ? {} : { instance }), ...partial };
  const name = consumer.getSerializerClass(args).name;
  await explainErrors(steps, name, async () => {
    await consumer.getSerializer(made).isValid({ raiseException: true });
  });
}

/** Would the action's own schema take its arguments? */
export async function explainActionInput(
  steps: ExplanationSteps,
  consumer: AsyncAPIConsumer,
  { property }: ActionDefinition,
  args: MessageArguments,
): Promise<void> {
  const member: unknown = Reflect.get(consumer, property);
  const schema = isAction(member) ? member.options.input : undefined;
  if (schema === undefined || steps.isRefused) return;
  const { idempotency_key: _key, ...given } = withoutEnvelope(args);
  await explainErrors(steps, property, async () => {
    await validateInput(schema, given);
  });
}

async function explainErrors(steps: ExplanationSteps, name: string, validate: () => Promise<void>): Promise<void> {
  let errors: Readonly<Record<string, unknown>> | null = null;
  await steps.ask("input", name, async () => {
    try {
      await validate();
      return { passed: true, detail: "It takes what was sent." };
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors = asSerializerErrors(error);
      const refused = Object.entries(errors).map(([field, messages]) => `${field}: ${wordsOf(messages)}`);
      return { passed: false, detail: clipped(`400: ${refused.join(" ")}`) };
    }
  });
  for (const [field, messages] of Object.entries(errors ?? {}))
    await steps.askAnyway("input", field, () => ({ passed: false, detail: wordsOf(messages) }));
}

const MAX_DETAIL = 300;

function clipped(text: string): string {
  return text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL)}…`;
}

function wordsOf(messages: unknown): string {
  if (Array.isArray(messages) && messages.every((message) => typeof message === "string")) return messages.join(" ");
  return typeof messages === "string" ? messages : encodeJson(messages);
}
