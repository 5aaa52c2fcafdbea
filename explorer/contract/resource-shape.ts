import type { ActionContract, JsonSchema, ResourceContract } from "restwave/contracts";
import { isObject } from "../wire/json.ts";

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** The schema itself, where another one is named. */
export function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const { $ref } = schema;
  const named = typeof $ref === "string" ? schemas[$ref.replace("#/schemas/", "")] : undefined;
  return named ?? schema;
}

/** The properties of an object's schema, by name. */
export function propertiesOf(schema: JsonSchema | null | undefined, schemas: Schemas): Readonly<Record<string, JsonSchema>> {
  if (schema === null || schema === undefined) return {};
  const { properties } = resolved(schema, schemas);
  if (!isObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, isObject(value) ? value : {}]));
}

export function actionOf(resource: ResourceContract, model: string): ActionContract | null {
  return resource.actions.find((action) => action.model === model) ?? null;
}

/** The columns of a table of rows. */
export function columnsOf(resource: ResourceContract, schemas: Schemas): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(propertiesOf(resource.row, schemas)).map(([name, schema]) => [name, resolved(schema, schemas)] as const);
}

/** The property of a row whose value names it; null where no property does. */
export function keyFieldOf(resource: ResourceContract, schemas: Schemas): string | null {
  const { lookup } = resource;
  if (lookup === null) return null;
  const names = Object.keys(propertiesOf(resource.row, schemas));
  const wanted = lookup.argument === "pk" ? ["pk", "id", "uuid"] : [lookup.argument];
  return wanted.find((name) => names.includes(name)) ?? null;
}

/** Actions that keep a connection in order; nobody calls them by hand first. */
const HOUSEKEEPING: ReadonlySet<string> = new Set(["cancel", "settle", "authenticate", "unsubscribe", "unsubscribe_instance"]);

export function isHousekeeping({ model }: ActionContract): boolean {
  return model !== null && HOUSEKEEPING.has(model);
}

/** The action that ends what this one begins; null when there is none. */
export function unsubscribeActionOf(resource: ResourceContract, action: ActionContract): string | null {
  const { name } = action;
  const candidates = [`un${name}`, name.replace("subscribe", "unsubscribe"), name.replace(/^start/, "stop")];
  return resource.actions.find((other) => other.name !== name && candidates.includes(other.name))?.name ?? null;
}

/** Does events come under this action? For one of the application its opposite tells. */
export function subscribes(resource: ResourceContract, action: ActionContract): boolean {
  return (
    action.kind === "subscription" ||
    (action.model === null && action.kind === "action" && unsubscribeActionOf(resource, action) !== null)
  );
}

/** Does the action take the argument that names a row? */
export function takesKey(resource: ResourceContract, action: ActionContract, schemas: Schemas): boolean {
  const { lookup } = resource;
  return lookup !== null && Object.hasOwn(propertiesOf(action.input, schemas), lookup.argument);
}

/** A value of the URL as the lookup's schema wants it. */
export function keyFromText(resource: ResourceContract, text: string): string | number {
  const { type } = resource.lookup?.schema ?? {};
  const isNumber = type === "integer" || type === "number";
  const number = Number(text);
  return isNumber && text !== "" && Number.isSafeInteger(number) ? number : text;
}
