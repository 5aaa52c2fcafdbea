import type { ModelAction } from "../consumers/action-registry.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ActionContract, ActionKind } from "./contract.ts";
import { nullable } from "./nullable.ts";
import { objectSchema } from "./object-schema.ts";
import type { ResourceSchemas } from "./resource-schemas.ts";

/** What an action takes and gives, its name and key aside. */
export type ActionShape = Omit<ActionContract, "name" | "model" | "idempotent">;

const NULL: JsonSchema = { type: "null" };
const REFUSALS = [401, 403, 405, 429];
const SINCE: JsonSchema = { type: ["string", "null"], description: "The position of the last event that the client has." };
const REQUEST_ID: JsonSchema = { type: ["string", "number", "boolean", "null"] };

interface Parts {
  readonly input: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly output: JsonSchema;
  readonly status?: number;
  readonly failures?: readonly number[];
  readonly kind?: ActionKind;
  readonly items?: JsonSchema;
  readonly events?: Readonly<Record<string, JsonSchema>>;
  readonly errorFields?: readonly string[];
}

function shape({ input, required = [], output, status = 200, failures = [400], ...rest }: Parts): ActionShape {
  return {
    kind: rest.kind ?? "action",
    input: objectSchema(input, required),
    output,
    items: rest.items ?? null,
    events: rest.events ?? null,
    statuses: [status, ...[...failures, ...REFUSALS].toSorted((left, right) => left - right)],
    errorFields: rest.errorFields ?? Object.keys(input),
  };
}

type Make = (resource: ResourceSchemas) => ActionShape;

/** The actions that need rows. */
const OF_ROWS: Partial<Record<ModelAction, Make>> = {
  list: (resource) => shape({ input: resource.listArguments(), output: { type: "array", items: resource.of("out") } }),
  page: (resource) => shape({ input: pageArguments(resource), output: resource.pages().page, failures: [400, 404] }),
  pages: (resource) =>
    shape({
      input: pageArguments(resource),
      output: NULL,
      items: resource.pages().page,
      kind: "streaming",
      failures: [400, 404],
    }),
  retrieve: (resource) => shape({ ...lookup(resource), output: resource.of("out"), failures: [400, 404] }),
  create: (resource) => shape({ ...written(resource, "in"), status: 201, failures: [400, 409] }),
  update: (resource) => shape(changed(resource, "in")),
  patch: (resource) => shape(changed(resource, "partial")),
  delete: (resource) => shape({ ...lookup(resource), output: NULL, status: 204, failures: [400, 404, 409] }),
  subscribe_list: (resource) => {
    const { page } = resource.pages();
    return subscription({ ...pageArguments(resource), since: SINCE }, page, { ...rowEvents(resource), reset: page });
  },
  subscribe_count: (resource) => {
    const count = objectSchema({ count: { type: "integer", minimum: 0 } });
    return subscription({ ...resource.narrowing(), since: SINCE }, count, { update: count, reset: count });
  },
  subscribe_instance: (resource) => {
    const { input, required } = lookup(resource);
    const events = { ...rowEvents(resource), reset: nullable(resource.of("out")) };
    const args = { ...input, snapshot: { type: "boolean", default: false }, since: SINCE };
    return { ...subscription(args, resource.of("out"), events, required), errorFields: Object.keys(input) };
  },
  unsubscribe_instance: (resource) => shape({ ...lookup(resource), output: NULL, status: 204 }),
};

/** The actions that any consumer may have. */
const OF_CONNECTIONS: Partial<Record<ModelAction, ActionShape>> = {
  unsubscribe: shape({ input: {}, output: NULL, status: 204, failures: [] }),
  list_cancel: shape({ input: {}, output: NULL, failures: [] }),
  cancel: shape({
    input: { cancel_request_id: REQUEST_ID },
    required: ["cancel_request_id"],
    output: objectSchema({ cancelled: { type: "integer", minimum: 0 } }),
  }),
  settle: shape({ input: { after_request_id: REQUEST_ID }, output: objectSchema({ settled: { const: true } }) }),
  authenticate: shape({
    input: { token: { type: "string" } },
    required: ["token"],
    output: objectSchema({ authenticated: { const: true } }),
  }),
  describe: shape({
    input: {},
    output: objectSchema({
      dynamic: { type: "boolean" },
      schemas: { type: "object" },
      actions: { type: "array", items: { type: "object" } },
    }),
    failures: [],
  }),
};

/** What one of the framework's actions takes and gives; null where it needs rows and there are none. `resourceOf` is called for those that do. */
export function modelActionContract(model: ModelAction, resourceOf: () => ResourceSchemas | null): ActionShape | null {
  const own = OF_CONNECTIONS[model];
  if (own !== undefined) return own;
  const resource = resourceOf();
  return resource === null ? null : (OF_ROWS[model]?.(resource) ?? null);
}

function pageArguments(resource: ResourceSchemas): Readonly<Record<string, JsonSchema>> {
  return { ...resource.listArguments(), ...resource.pages().args };
}

function lookup({ lookup: { argument, schema } }: ResourceSchemas) {
  return { input: { [argument]: schema }, required: [argument] };
}

function written(resource: ResourceSchemas, role: "in" | "partial") {
  return {
    input: { data: resource.of(role) },
    required: ["data"],
    output: resource.of("out"),
    errorFields: ["data", ...resource.writableNames, "non_field_errors"],
  };
}

function changed(resource: ResourceSchemas, role: "in" | "partial"): Parts {
  const [named, parts] = [lookup(resource), written(resource, role)];
  return {
    ...parts,
    input: { ...named.input, ...parts.input },
    required: [...named.required, ...parts.required],
    errorFields: [...named.required, ...parts.errorFields],
    failures: [400, 404, 409],
  };
}

function rowEvents(resource: ResourceSchemas): Readonly<Record<string, JsonSchema>> {
  const row = resource.of("out");
  return { create: row, update: row, delete: resource.deleted() };
}

/** The answer is null after `since`, and of a row that was not asked for. */
function subscription(
  input: Readonly<Record<string, JsonSchema>>,
  output: JsonSchema,
  events: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): ActionShape {
  return shape({ input, required, output: nullable(output), status: 201, kind: "subscription", events, failures: [400, 404] });
}
