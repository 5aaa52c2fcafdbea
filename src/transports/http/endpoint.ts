import { type ActionDefinition, actionsOf } from "../../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";

/** What can be asked of one path. */
export interface Endpoint {
  readonly kind: "list" | "row" | "action";
  /** HTTP method to the action that it calls. */
  readonly methods: ReadonlyMap<string, ActionDefinition>;
  /** By what a client subscribes here. */
  readonly live: readonly ActionDefinition[];
  /** The segment that names a row; null where none does. */
  readonly key: string | null;
}

const OF_LIST = { GET: "list", POST: "create" };
const OF_ROW = { GET: "retrieve", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** Actions that have methods and paths of their own, or that make sense on a connection that lasts only. */
const NEVER_BY_NAME: ReadonlySet<string> = new Set([
  ...Object.values(OF_LIST),
  ...Object.values(OF_ROW),
  "cancel",
  "list_cancel",
  "unsubscribe_list",
  "unsubscribe_count",
  "unsubscribe_instance",
]);

/** @param rest the decoded segments behind the path of the resource's list. @returns null where there is nothing. */
export function endpointAt(consumer: AsyncAPIConsumer, rest: readonly string[]): Endpoint | null {
  const actions = actionsOf(consumer);
  const [first, second] = rest;
  if (rest.length === 0)
    return orNothing("list", choose(actions, OF_LIST), null, pick(actions, ["subscribe_list", "subscribe_count"]));
  if (rest.length === 1 && first !== undefined) {
    const named = byName(actions, first);
    const methods = choose(actions, OF_ROW);
    const live = pick(actions, ["subscribe_instance"]);
    if (named === null) return orNothing("row", methods, first, live);
    // A key may be spelled like an action: the method tells which is meant.
    return orNothing("row", new Map([...methods, ["POST", named]]), first, live);
  }
  if (rest.length === 2 && first !== undefined && second !== undefined) {
    const named = byName(actions, second);
    return named === null ? null : orNothing("action", new Map([["POST", named]]), first, []);
  }
  return null;
}

/** The methods of an endpoint, as `Allow` lists them. */
export function allowedMethods({ methods, live }: Endpoint): readonly string[] {
  const reads = methods.has("GET") || live.length > 0;
  return [...(reads ? ["GET", "HEAD"] : []), ...[...methods.keys()].filter((method) => method !== "GET"), "OPTIONS"];
}

function orNothing(
  kind: Endpoint["kind"],
  methods: Endpoint["methods"],
  key: string | null,
  live: Endpoint["live"],
): Endpoint | null {
  return methods.size === 0 && live.length === 0 ? null : { kind, methods, live, key };
}

type Actions = ReadonlyMap<string, ActionDefinition>;

function choose(actions: Actions, names: Readonly<Record<string, string>>): Map<string, ActionDefinition> {
  const chosen = new Map<string, ActionDefinition>();
  for (const [method, name] of Object.entries(names)) {
    const definition = actions.get(name);
    if (definition !== undefined) chosen.set(method, definition);
  }
  return chosen;
}

function pick(actions: Actions, names: readonly string[]): readonly ActionDefinition[] {
  return names.flatMap((name) => actions.get(name) ?? []);
}

/** A custom action by the last segment of its path: `send_email` or `send-email`. */
function byName(actions: Actions, segment: string): ActionDefinition | null {
  const definition = actions.get(segment) ?? actions.get(segment.replaceAll("-", "_"));
  if (definition === undefined || definition.unguarded || definition.subscribes) return null;
  return NEVER_BY_NAME.has(definition.name) ? null : definition;
}
