import type { ActionDefinition } from "../../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";
import { IDEMPOTENCY_KEY } from "../../consumers/idempotency-key.ts";
import { MethodNotAllowed, NotAcceptable, ParseError, ValidationError } from "../../protocol/exceptions.ts";
import { describeJson } from "../../protocol/frames.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RequestedCall } from "./http-call.ts";
import { lookupArgument } from "./lookup-argument.ts";
import { queryArguments } from "./query-arguments.ts";
import { type BodyLimits, readBody } from "./read-body.ts";

/** Which action a request calls. */
export interface Choice {
  readonly definition: ActionDefinition;
  /** Is it a subscription, to be answered with events? */
  readonly isLive: boolean;
  /** Is it an action of the application's own, with the body as its input? */
  readonly isCustom: boolean;
  /** The segment that names the row; null where none does. */
  readonly key: string | null;
}

/** @throws MethodNotAllowed (405), NotAcceptable (406), ValidationError (400). */
export function chooseAction(endpoint: Endpoint, request: Request, query: URLSearchParams, wantsEvents: boolean): Choice {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const isLive = wantsEvents && request.method === "GET";
  const definition = isLive ? chooseLive(endpoint, query.get("subscribe")) : endpoint.methods.get(method);
  const isCustom = endpoint.kind === "action" || (endpoint.kind === "row" && method === "POST");
  // In `/users/send_email/` the segment is the action.
  const key = endpoint.kind === "row" && isCustom ? null : endpoint.key;
  if (definition !== undefined) return { definition, isLive, isCustom, key };
  if (method === "GET" && endpoint.live.length + (endpoint.methods.has("GET") ? 1 : 0) > 0) throw new NotAcceptable();
  throw new MethodNotAllowed(request.method);
}

function chooseLive({ kind, live }: Endpoint, kindOfLive: string | null): ActionDefinition | undefined {
  const name = kind === "row" ? "subscribe_instance" : LIVE_LISTS.get(kindOfLive ?? "list");
  if (name === undefined) throw new ValidationError({ subscribe: [`Expected one of ${[...LIVE_LISTS.keys()].join(", ")}.`] });
  return live.find((definition) => definition.name === name);
}

const LIVE_LISTS: ReadonlyMap<string, string> = new Map([
  ["list", "subscribe_list"],
  ["count", "subscribe_count"],
]);

/** Reads what a chosen action is called with. @throws what `readBody` throws. */
export async function requestedCall(
  { definition, isLive, isCustom, key }: Choice,
  { consumer, request, query, limits }: CallSource,
): Promise<RequestedCall> {
  const lookup = key === null ? {} : lookupArgument(consumer, key);
  const idempotencyKey = definition.idempotent ? keyOf(request.headers) : {};
  const { name: action } = definition;
  if (isCustom) return { action, args: { ...toObject(await readBody(request, limits)), ...lookup, ...idempotencyKey } };
  const asked = await queryArguments(consumer, query);
  if (isLive) return { action, args: { ...asked, ...lookup, ...liveArguments(request.headers, query) } };
  const body = HAS_DATA.has(request.method) ? await readBody(request, limits) : undefined;
  // An empty body is an empty form (DRF).
  const data = HAS_DATA.has(request.method) ? { data: body === undefined ? {} : body } : {};
  return { action, args: { ...asked, ...lookup, ...data, ...idempotencyKey } };
}

/** Where the arguments of a call come from. */
export interface CallSource {
  readonly consumer: AsyncAPIConsumer;
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly limits: BodyLimits;
}

const HAS_DATA: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** A browser that comes back sends the id of the last event; who begins where it once left off says so in the query. */
function liveArguments(headers: Headers, query: URLSearchParams): Readonly<Record<string, unknown>> {
  return { snapshot: true, since: headers.get("last-event-id") || query.get("since") || null };
}

/** With or without the quotes of a structured field. */
function keyOf(headers: Headers): Readonly<Record<string, unknown>> {
  const key = headers.get("idempotency-key");
  return key === null ? {} : { [IDEMPOTENCY_KEY]: key.replace(/^"(.*)"$/, "$1") };
}

function toObject(body: unknown): object {
  if (body === undefined) return {};
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new ParseError(`Expected the body to be an object, the input of the action, but got ${describeJson(body)}.`);
}
