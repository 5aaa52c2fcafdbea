import { actionsOf } from "../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Finding } from "./finding.ts";

/** What clients of ours call by themselves. */
const OWN = new Map([
  ["cancel", "which ends a stream or a waiting request"],
  ["settle", "by which clients wait until they have been told of a write"],
  ["authenticate", "by which clients say who they are over an open connection"],
  ["describe", "by which clients ask what they may call"],
]);

/** Actions that cannot be told apart, and those that hide one of the framework's. */
export function actionFindings(consumer: AsyncAPIConsumer): readonly Finding[] {
  try {
    return [...actionsOf(consumer).values()].flatMap(({ name, property, unguarded, model }) =>
      OWN.has(name) && !unguarded && model === null ? [shadowed(name, property)] : [],
    );
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured)) throw error;
    return [
      {
        code: "improperly_configured",
        level: "error",
        message: error.message,
        fix: "Rename one of the two: nobody can connect as it is.",
      },
    ];
  }
}

function shadowed(name: string, property: string): Finding {
  return {
    code: "shadowed_action",
    level: "warning",
    field: property,
    message: `The action "${name}" hides the framework's own, ${OWN.get(name) ?? ""}: what clients rely on does not work here.`,
    fix: `Rename it, or give it another name on the wire: action({ name: "..." }, ...).`,
  };
}
