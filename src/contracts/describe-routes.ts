import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { type ConsumerSettings, resolveSettings } from "../consumers/settings.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { placesOf, type Resource, resourcesOf } from "../routing/resources-of.ts";
import type { Routes } from "../routing/route.ts";
import type { Contract, ResourceContract } from "./contract.ts";
import { type ActionsPlace, callableActions, describeAction } from "./describe-actions.ts";
import { inertInstance } from "./inert-instance.ts";
import { isDynamic } from "./is-dynamic.ts";
import { permissionNames } from "../permissions/permission-name.ts";
import { classReading } from "./reading.ts";
import { ResourceSchemas } from "./resource-schemas.ts";
import { SchemaRegistry } from "./schema-registry.ts";

/** What `serve` gets besides the routes and decides what there is to call. */
export type DescribeOptions = Partial<Pick<ConsumerSettings, "defaultPermissionClasses" | "authenticateToken">>;

/**
 * All that a routing table serves, as plain data. It makes an instance of each consumer, for its fields; nothing is connected, no hook is called
 * and no database is asked.
 *
 * @throws ImproperlyConfigured when a consumer cannot be made without a connection, or two have one name.
 */
export function describeRoutes(routes: Routes, options: DescribeOptions = {}): Contract {
  const schemas = new SchemaRegistry();
  const settings = resolveSettings(options);
  const all = placesOf(routes);
  const resources = resourcesOf(routes).map((resource) => {
    const places = all.filter(({ name }) => name === resource.name).map(({ path, stream }) => ({ path, stream }));
    return { name: resource.name, places, ...describeResource(resource, settings, schemas) };
  });
  return { schemas: schemas.schemas, resources };
}

type Described = Omit<ResourceContract, "name" | "places">;

function describeResource(resource: Resource, settings: ConsumerSettings, schemas: SchemaRegistry): Described {
  const consumer = inertInstance(resource, settings);
  const takesTokens = settings.authenticateToken !== null;
  const place = { reading: classReading, schemas, prefix: `${resource.name}.`, takesTokens };
  if (consumer instanceof GenericConsumer) return describeGeneric(consumer, place);
  if (consumer instanceof AsyncAPIConsumer) return { ...NO_ROWS, ...describeConsumer(consumer, place) };
  if ("permissionClasses" in consumer && "getActionName" in consumer) throw otherCopy(resource);
  return { ...NO_ROWS, dynamic: true, permissions: [], actions: [] };
}

const NO_ROWS = { row: null, lookup: null, pagination: null, filters: {}, ordering: [], search: false } as const;

function describeConsumer(consumer: AsyncAPIConsumer, place: ActionsPlace) {
  const definitions = callableActions(consumer, place.takesTokens);
  return {
    dynamic: isDynamic(consumer, null),
    permissions: permissionNames(consumer.permissionClasses),
    actions: definitions.map((definition) => describeAction(consumer, definition, place)),
  };
}

function describeGeneric(consumer: InstanceType<typeof GenericConsumer>, place: ActionsPlace) {
  const resource = new ResourceSchemas(consumer, "", classReading, place.schemas);
  return {
    row: resource.hasSerializer ? resource.of("out") : null,
    lookup: resource.lookup,
    pagination: consumer.paginationClass?.name ?? null,
    filters: resource.filters ?? {},
    ordering: resource.ordering ?? [],
    search: resource.isSearchable,
    ...describeConsumer(consumer, place),
    dynamic: isDynamic(consumer, classReading.serializerOf(consumer, "")),
  };
}

/** Classes of two copies have nothing to do with each other, so nothing could be said. */
function otherCopy({ consumerClass, path }: Resource): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `Expected ${consumerClass.name} at "${path}" to be of the same copy of restwave that describes it, got one of another. Run the command, or import restwave/contracts, from the application's own node_modules.`,
  );
}
