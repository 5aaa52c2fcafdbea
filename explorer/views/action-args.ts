import type { ActionContract, JsonSchema } from "restwave/contracts";
import { initialValue } from "../forms/initial-value.ts";
import { plainJson } from "../snippets/plain-json.ts";
import { canonical, isObject, type JsonObject } from "../wire/json.ts";
import { propertiesOf, resolved, type Schemas } from "../contract/resource-shape.ts";

const WITH_DATA: ReadonlySet<string | null> = new Set(["create", "update", "patch"]);

/** The part of the arguments that is a row to write, where there is one: its errors are told by the names of its fields. */
export function dataSchemaOf({ model, input }: ActionContract, schemas: Schemas): JsonSchema | null {
  const { data } = propertiesOf(input, schemas);
  return WITH_DATA.has(model) && data !== undefined ? resolved(data, schemas) : null;
}

/** The arguments that a form begins with. */
export function initialArgs(action: ActionContract, schemas: Schemas, given: JsonObject): JsonObject {
  const data = dataSchemaOf(action, schemas);
  const value = initialValue(withoutData(action.input, schemas, data !== null), schemas);
  const args = isObject(value) ? value : {};
  if (data === null) return { ...args, ...given };
  // What is patched is what somebody types.
  const begun = action.model === "patch" ? {} : initialValue(data, schemas);
  return { ...args, data: begun, ...given };
}

/** The arguments as they are to be sent: of a row to patch only what was changed. */
export function sentArgs(action: ActionContract, args: JsonObject, baseline: JsonObject | null): JsonObject {
  const { data } = args;
  if (action.model !== "patch" || baseline === null || !isObject(data)) return plainJson(args);
  const changed = Object.entries(data).filter(([name, value]) => canonical(value ?? null) !== canonical(baseline[name] ?? null));
  return plainJson({ ...args, data: Object.fromEntries(changed) });
}

function withoutData(input: JsonSchema, schemas: Schemas, hasData: boolean): JsonSchema {
  if (!hasData) return input;
  const { data: _data, ...properties } = propertiesOf(input, schemas);
  const { required } = resolved(input, schemas);
  const others = Array.isArray(required) ? required.filter((name) => name !== "data") : [];
  return { type: "object", properties, required: others };
}
