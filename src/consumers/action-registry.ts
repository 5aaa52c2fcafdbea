import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { toActionName } from "../protocol/action-name.ts";
import { type AnyAction, isAction } from "./action.ts";

/**
 * What a framework's own action takes and gives, for descriptions of the API: `list` answers rows, `page` a page of the pagination class,
 * `pages` a stream of them; the others are named after the action.
 */
export type ModelAction =
  | "list"
  | "page"
  | "pages"
  | "retrieve"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "subscribe_list"
  | "subscribe_count"
  | "subscribe_instance"
  | "unsubscribe"
  | "unsubscribe_instance"
  | "list_cancel"
  | "cancel"
  | "settle"
  | "authenticate"
  | "describe";

/** How a declared action is run. */
export interface ActionDefinition {
  /** The name on the wire. */
  readonly name: string;
  /** The member of the consumer that runs it. */
  readonly property: string;
  readonly detached: boolean;
  /** Is it the framework's own: called whatever the permissions say, and giving way to an action of the same name? */
  readonly unguarded: boolean;
  /** `null`: as the consumer says. */
  readonly ordered: boolean | null;
  /** Is a request that carries an `idempotency_key` run once? */
  readonly idempotent: boolean;
  /** Does a request that is under way count as one of the connection's subscriptions? */
  readonly subscribes: boolean;
  /** `null`: only the application knows what it takes and gives. */
  readonly model: ModelAction | null;
}

/** What a mixin says of a method that it adds as an action. */
export interface MethodActionOptions {
  /** Default: the method's name in snake_case. */
  readonly name?: string;
  /** The method, when the key is not its name. */
  readonly property?: string;
  readonly detached?: boolean;
  /** For the framework's own: permissions are not asked, throttles are. Default false. */
  readonly unguarded?: boolean;
  readonly ordered?: boolean;
  /**
   * Takes an `idempotency_key`: the request then runs once, in a transaction of the queryset's database that stores its answer too. For methods of
   * consumers with a queryset that return one answer. Default false.
   */
  readonly idempotent?: boolean;
  /** Makes a subscription: a request under way is limited by `maxSubscriptions`, not by `maxInFlight`. Default false. */
  readonly subscribes?: boolean;
  /** What it takes and gives, where that is the same as of an action of the framework; for descriptions of the API. Default: unknown. */
  readonly model?: ModelAction;
}

const declaredMethods = new WeakMap<object, ReadonlyMap<string, ActionDefinition>>();

/**
 * Declares methods of a class as actions: `declareActions(Base, { list: {}, listCancel: {} })`. For authors of mixins; an application
 * declares its own with `action(...)`. Subclasses inherit the declaration and may override the methods.
 */
export function declareActions(consumerClass: object, methods: Readonly<Record<string, MethodActionOptions>>): void {
  const definitions = Object.entries(methods).map(([key, options]) => define(options.property ?? key, options));
  declaredMethods.set(consumerClass, new Map(definitions.map((definition) => [definition.name, definition])));
}

function define(property: string, options: MethodActionOptions): ActionDefinition {
  return {
    name: options.name ?? toActionName(property),
    property,
    detached: options.detached ?? false,
    unguarded: options.unguarded ?? false,
    ordered: options.ordered ?? null,
    idempotent: options.idempotent ?? false,
    subscribes: options.subscribes ?? false,
    model: options.model ?? null,
  };
}

const tables = new WeakMap<object, ReadonlyMap<string, ActionDefinition>>();

/**
 * All actions of a consumer by wire name: its `action(...)` fields and what its mixins declared. Worked out once per class, from the first
 * instance, since fields exist on instances only.
 *
 * @throws ImproperlyConfigured when two members have one wire name.
 */
export function actionsOf(consumer: object): ReadonlyMap<string, ActionDefinition> {
  const known = tables.get(consumer.constructor);
  if (known !== undefined) return known;
  const table = new Map(methodActions(consumer.constructor));
  for (const definition of fieldActions(consumer)) {
    assertFree(table.get(definition.name), definition, consumer);
    table.set(definition.name, definition);
  }
  tables.set(consumer.constructor, table);
  return table;
}

function methodActions(consumerClass: object): [string, ActionDefinition][] {
  const chain: [string, ActionDefinition][][] = [];
  for (let current: object | null = consumerClass; current !== null; current = Object.getPrototypeOf(current)) {
    chain.unshift([...(declaredMethods.get(current) ?? [])]);
  }
  return chain.flat();
}

function fieldActions(consumer: object): ActionDefinition[] {
  return Object.entries(consumer).flatMap(([property, value]) => (isAction(value) ? [defineField(property, value)] : []));
}

function defineField(property: string, { options: { idempotent, ...options } }: AnyAction): ActionDefinition {
  return define(property, { ...options, idempotent: idempotent !== undefined });
}

function assertFree(taken: ActionDefinition | undefined, { name, property }: ActionDefinition, consumer: object): void {
  if (taken === undefined || taken.property === property || taken.unguarded) return;
  throw new ImproperlyConfigured(
    `${consumer.constructor.name}: expected one member for the action "${name}", got "${taken.property}" and "${property}". Rename one, or give it another { name }.`,
  );
}
