import { actionsOf } from "../consumers/action-registry.ts";
import type { AnyModel } from "../models/model.ts";
import { ImproperlyConfigured, RestwaveError } from "../protocol/exceptions.ts";
import { BoundModelObserver } from "../observers/bound-model-observer.ts";
import type { CheckedConsumer } from "./checked-consumer.ts";
import { type Finding, findingAt } from "./finding.ts";
import type { StoredTables } from "./stored-tables.ts";

/** What a consumer observes, and by which of its members. */
interface Observed {
  readonly field: string;
  readonly model: AnyModel;
}

/** Observers of what the change log cannot follow. */
export function observerFindings(checked: CheckedConsumer, tables: StoredTables): readonly Finding[] {
  return observedBy(checked).flatMap(({ field, model }) => {
    const because = reasonOf(model, tables);
    return because === null ? [] : [cannotFire(checked, field, model, because, FOLLOW_A_TABLE)];
  });
}

const FOLLOW_A_TABLE = "Observe the model of a table with a primary key of one column.";

/**
 * Puts the change log in place for all that a consumer observes, as its first subscription would: what hinders it is found now. Changes the
 * database.
 */
export async function preparationFindings(checked: CheckedConsumer): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { field, model } of observedBy(checked)) {
    const problem = await prepare(checked, field, model);
    if (problem !== null) findings.push(problem);
  }
  return findings;
}

async function prepare(checked: CheckedConsumer, field: string, model: AnyModel): Promise<Finding | null> {
  try {
    const { changes } = model.database;
    changes.observe(model);
    await changes.ready();
    return null;
  } catch (error) {
    if (!(error instanceof RestwaveError)) throw error;
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    return cannotFire(checked, field, model, `the change log cannot be put in place: ${error.message}${cause}`, PUT_IN_PLACE);
  }
}

const PUT_IN_PLACE =
  "Let the database user make tables and triggers, or have one who may apply the output of: npx restwave changes --models all";

function observedBy({ consumer, generic }: CheckedConsumer): readonly Observed[] {
  const observed: Observed[] = [];
  const subscribing = [...actionsOf(consumer).values()].find(({ model }) => model?.startsWith("subscribe_") === true);
  const model = generic?.model ?? null;
  if (subscribing !== undefined && model !== null) observed.push({ field: subscribing.property, model });
  for (const [field, value] of Object.entries(consumer)) {
    if (value instanceof BoundModelObserver) observed.push({ field, model: value.model });
  }
  return observed;
}

/** Why the change log cannot follow a model, as far as that can be seen; null where it can, or where there is no table at all. */
function reasonOf(model: AnyModel, tables: StoredTables): string | null {
  if (tables.get(model)?.kind === "view") return `${model.tableSql} is a view, and no trigger can follow one`;
  try {
    return model.pk.primaryKey ? null : "its key is no primary key";
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return error.message;
    throw error;
  }
}

function cannotFire({ place }: CheckedConsumer, field: string, model: AnyModel, because: string, fix: string): Finding {
  return findingAt(place, {
    code: "observer_cannot_fire",
    level: "error",
    model: model.name,
    field,
    message:
      `${place.consumer ?? "The consumer"}.${field} observes ${model.name} and can never tell of a change: ${because}.`.replace(
        /\.\.$/,
        ".",
      ),
    fix,
  });
}
