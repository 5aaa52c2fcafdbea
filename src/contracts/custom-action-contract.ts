import type { AnyAction } from "../consumers/action.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ActionShape } from "./model-action-contract.ts";
import { schemaOfStandard } from "./schema-of-standard.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

const UNKNOWN_ARGUMENTS: JsonSchema = { type: "object", description: "Any arguments: the action has no input schema." };
const UNKNOWN_DATA: JsonSchema = { description: "Any data: the action has no output schema." };
const STATUSES = [200, 400, 401, 403, 405, 429];

/** What an `action(...)` of the application takes and gives, as far as its schemas say. */
export function customActionContract({ kind, options }: AnyAction, name: string, schemas: SchemaRegistry): ActionShape {
  const { input, output } = options;
  const taken =
    input === undefined ? UNKNOWN_ARGUMENTS : schemaOfStandard(input, { name: `${name}.input`, side: "input", schemas });
  const given =
    output === undefined ? UNKNOWN_DATA : schemaOfStandard(output, { name: `${name}.output`, side: "output", schemas });
  const isStream = kind === "streaming";
  return {
    kind,
    input: taken,
    // An output schema is asked of each item; what a generator returns at its end is not checked.
    output: isStream ? UNKNOWN_DATA : given,
    items: isStream ? given : null,
    events: null,
    statuses: STATUSES,
    errorFields: input === undefined ? [] : [...namesOf(taken), "non_field_errors"],
  };
}

/** What a method takes and gives that a mixin of the application declares as an action. */
export function undeclaredActionContract(): ActionShape {
  const [input, output] = [{ type: "object", description: "Any arguments: the mixin does not say." }, {}];
  return { kind: "action", input, output, items: null, events: null, statuses: STATUSES, errorFields: [] };
}

function namesOf({ properties }: JsonSchema): readonly string[] {
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
