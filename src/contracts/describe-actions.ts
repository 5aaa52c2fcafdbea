import { isAction } from "../consumers/action.ts";
import { type ActionDefinition, actionsOf } from "../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { ActionContract } from "./contract.ts";
import { customActionContract, undeclaredActionContract } from "./custom-action-contract.ts";
import { type ActionShape, modelActionContract } from "./model-action-contract.ts";
import type { Reading } from "./reading.ts";
import { ResourceSchemas } from "./resource-schemas.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

/** How the actions of a consumer are described. */
export interface ActionsPlace {
  readonly reading: Reading;
  readonly schemas: SchemaRegistry;
  /** Stands before the names of schemas that belong to one action: the resource's name and a dot. */
  readonly prefix: string;
  /** Does the server take tokens in band? */
  readonly takesTokens: boolean;
}

/** The actions of a consumer that there are on this server, by wire name. */
export function callableActions(consumer: AsyncAPIConsumer, takesTokens: boolean): readonly ActionDefinition[] {
  return [...actionsOf(consumer).values()].filter(({ model }) => model !== "authenticate" || takesTokens);
}

/** What an action of a consumer takes and gives. */
export function describeAction(consumer: AsyncAPIConsumer, definition: ActionDefinition, place: ActionsPlace): ActionContract {
  const { name, model, idempotent } = definition;
  return { name, model, idempotent, ...shapeOf(consumer, definition, place) };
}

function shapeOf(consumer: AsyncAPIConsumer, definition: ActionDefinition, place: ActionsPlace): ActionShape {
  const { name, model, property } = definition;
  const member: unknown = Reflect.get(consumer, property);
  if (isAction(member)) return customActionContract(member, place.prefix + name, place.schemas);
  const resourceOf = () =>
    consumer instanceof GenericConsumer ? new ResourceSchemas(consumer, name, place.reading, place.schemas) : null;
  const known = model === null ? null : modelActionContract(model, resourceOf);
  return known ?? undeclaredActionContract();
}
