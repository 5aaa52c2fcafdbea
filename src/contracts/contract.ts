import type { ModelAction } from "../consumers/action-registry.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";

/** `action`: one answer; `streaming`: many; `subscription`: one answer, then events. */
export type ActionKind = "action" | "streaming" | "subscription";

/** What one action takes and gives. */
export interface ActionContract {
  /** The name on the wire. */
  readonly name: string;
  readonly kind: ActionKind;
  /** Which of the framework's actions it is; null for one of the application. */
  readonly model: ModelAction | null;
  /** The arguments: the keys of the frame besides `action`, `request_id` and `idempotency_key`. */
  readonly input: JsonSchema;
  /** The data of the answer; of a stream, of its last frame. */
  readonly output: JsonSchema;
  /** The data of each item of a stream; null for what is none. */
  readonly items: JsonSchema | null;
  /** The data of each event of a subscription, by the event's action; null for what is none. */
  readonly events: Readonly<Record<string, JsonSchema>> | null;
  /** Statuses of answers: first that of success. Any action may answer 500 or 503 besides. */
  readonly statuses: readonly number[];
  /** Names under which a 400 can have messages. An application may use others too. */
  readonly errorFields: readonly string[];
  /** Does it take an `idempotency_key`? */
  readonly idempotent: boolean;
}

/** What a client may do at one consumer. */
export interface ConsumerContract {
  /** Does the class decide per request which rows, fields or permissions there are? Then this is what the class says before it has been asked. */
  readonly dynamic: boolean;
  readonly actions: readonly ActionContract[];
}

/** A consumer that a routing table leads to. */
export interface ResourceContract extends ConsumerContract {
  readonly name: string;
  /** Where it is served, by the order of the routes. */
  readonly places: readonly Place[];
  /** Its permissions by name: `"or(IsAdminUser, IsOwner)"`. All must agree. */
  readonly permissions: readonly string[];
  /** A row in answers; null for a consumer without a serializer. */
  readonly row: JsonSchema | null;
  /** How one row is named: the argument, and its values; null where no rows are known. */
  readonly lookup: Lookup | null;
  /** The name of the pagination class, or null. */
  readonly pagination: string | null;
  /** The filters that a list takes, by name. */
  readonly filters: Readonly<Record<string, JsonSchema>>;
  /** The names that a list can be ordered by, without a minus. */
  readonly ordering: readonly string[];
  /** Can a list be searched? */
  readonly search: boolean;
}

/** One way to a consumer. */
export interface Place {
  /** The pattern of its route: `"ws/"`, `"rooms/<int:room>/"`. */
  readonly path: string;
  /** The stream of a multiplexed socket that it is, or null. */
  readonly stream: string | null;
}

/** The argument that names a row. */
export interface Lookup {
  readonly argument: string;
  readonly schema: JsonSchema;
}

/** All that a routing table serves, as plain data. */
export interface Contract {
  /** Schemas that are named from elsewhere: `{ "$ref": "#/schemas/User" }`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly resources: readonly ResourceContract[];
}
