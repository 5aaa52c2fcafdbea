import { ActionContext } from "../consumers/action-context.ts";
import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { type AnyGenericConsumer, GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { withinAction } from "../consumers/running-action.ts";
import { permissionName } from "../permissions/permission-name.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { explainPermission } from "./explained-permission.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";

/** May this connection's user call the action? Each permission by name. */
export async function explainPermissions(
  steps: ExplanationSteps,
  consumer: AsyncAPIConsumer,
  action: string,
  args: MessageArguments,
): Promise<void> {
  for (const permission of consumer["getPermissions"](args)) {
    await steps.ask("permission", permissionName(permission), () =>
      explainPermission(permission, {
        kind: "permission",
        action: (asked) => asked.hasPermission(consumer.scope, consumer, action, args),
        object: () => true,
      }),
    );
  }
  if (consumer["checkPermissions"] === AsyncAPIConsumer.prototype["checkPermissions"]) return;
  await steps.ask("permission", "checkPermissions", async () => {
    await consumer["checkPermissions"](action, args);
    return { passed: true, detail: "It did not throw." };
  });
}

/** May the action touch this row, by the consumer's own rule too? Each permission by name. */
export async function explainObjectPermissions(
  steps: ExplanationSteps,
  consumer: AnyGenericConsumer,
  action: string,
  args: MessageArguments,
  row: object,
): Promise<void> {
  await explainRowPermissions(steps, consumer, action, args, row);
  if (consumer["checkObjectPermissions"] === GenericConsumer.prototype["checkObjectPermissions"]) return;
  await steps.ask("object_permission", "checkObjectPermissions", async () => {
    await withinAction(new ActionContext(action), () => consumer["checkObjectPermissions"](row, args));
    return { passed: true, detail: "It did not throw." };
  });
}

/** May the action touch this row? Each permission by name. */
export async function explainRowPermissions(
  steps: ExplanationSteps,
  consumer: AsyncAPIConsumer,
  action: string,
  args: MessageArguments,
  row: object,
): Promise<void> {
  const { scope } = consumer;
  const within = <T>(work: () => T): T => withinAction(new ActionContext(action), work);
  for (const permission of consumer["getPermissions"](args)) {
    await steps.ask("object_permission", permissionName(permission), () =>
      explainPermission(permission, {
        kind: "object_permission",
        action: (asked) => within(() => asked.hasPermission(scope, consumer, action, args)),
        object: (asked) => within(() => asked.hasObjectPermission(scope, consumer, action, row, args)),
      }),
    );
  }
}
