import type { ModelAction } from "../consumers/action-registry.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ActionContract, ResourceContract } from "./contract.ts";
import { failuresOf, jsonResponse } from "./http-responses.ts";
import { httpArguments } from "./http-arguments.ts";
import { httpBase, type HttpBase } from "./http-base.ts";

type Paths = Record<string, Record<string, unknown>>;

/** What a client does over HTTP and what over a socket alone. */
const METHODS: Partial<Record<ModelAction, readonly [method: string, ofOneRow: boolean]>> = {
  list: ["get", false],
  page: ["get", false],
  pages: ["get", false],
  create: ["post", false],
  retrieve: ["get", true],
  update: ["put", true],
  patch: ["patch", true],
  delete: ["delete", true],
};

/** The paths of one resource: its rows, one of them, and an own path for each action of the application. */
export function openApiPaths(resource: ResourceContract): Paths {
  const base = httpBase(resource);
  if (base === null) return {};
  const paths: Paths = {};
  for (const action of resource.actions) {
    const known = action.model === null ? undefined : METHODS[action.model];
    if (known !== undefined) addModelAction({ paths, base, resource }, action, known);
    else if (action.model === null || action.model === "describe") addCustomAction({ paths, base, resource }, action);
  }
  return paths;
}

interface Target {
  readonly paths: Paths;
  readonly base: HttpBase;
  readonly resource: ResourceContract;
}

function addModelAction(
  { paths, base, resource }: Target,
  action: ActionContract,
  [method, ofOneRow]: readonly [string, boolean],
): void {
  const { lookup } = resource;
  const argument = lookup?.argument ?? "pk";
  const path = ofOneRow ? `${base.path}{${argument}}/` : base.path;
  const [success = 200] = action.statuses;
  const { data, parameters } = httpArguments(action.input, ofOneRow ? [argument] : []);
  const inPath = [...base.parameters, ...(ofOneRow ? [pathParameter(argument, lookup?.schema ?? {})] : [])];
  const item = (paths[path] ??= inPath.length === 0 ? {} : { parameters: inPath });
  item[method] = {
    ...head(resource, action),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(data === undefined ? {} : { requestBody: body(data, action.model !== "patch") }),
    responses: {
      [success]: success === 204 ? { description: "It is gone" } : answer(resource, action),
      ...failuresOf(action.statuses),
    },
  };
}

/** Lists and rows that can be subscribed to are served as server-sent events too. */
function answer({ actions }: ResourceContract, { model, output, items }: ActionContract): JsonSchema {
  const live = model === "retrieve" ? "subscribe_instance" : "subscribe_list";
  const isRead = model === "retrieve" || model === "list" || model === "page" || model === "pages";
  const isLive = isRead && actions.some((other) => other.model === live);
  return jsonResponse("Done", items ?? output, isLive || items !== null);
}

function addCustomAction({ paths, base, resource }: Target, action: ActionContract): void {
  const { input, output, items, statuses } = action;
  paths[`${base.path}${action.name}/`] = {
    ...(base.parameters.length === 0 ? {} : { parameters: base.parameters }),
    post: {
      ...head(resource, action),
      requestBody: body(input, Array.isArray(input["required"]) && input["required"].length > 0),
      responses: { 200: jsonResponse("Done", items ?? output, items !== null), ...failuresOf(statuses) },
    },
  };
}

function head({ name, dynamic }: ResourceContract, action: ActionContract): JsonSchema {
  return {
    operationId: `${name}.${action.name}`,
    tags: [name],
    summary: `${name}.${action.name}`,
    ...(dynamic ? { "x-restwave-dynamic": true } : {}),
  };
}

function body(schema: JsonSchema, required: boolean): JsonSchema {
  return { required, content: { "application/json": { schema } } };
}

function pathParameter(name: string, schema: JsonSchema): JsonSchema {
  return { name, in: "path", required: true, schema: Object.keys(schema).length === 0 ? { type: "string" } : schema };
}
