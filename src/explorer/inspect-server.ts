import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { Database } from "../models/database.ts";
import { LiveHub } from "../observers/live-hub.ts";
import { placesOf } from "../routing/resources-of.ts";
import type { Routes } from "../routing/route.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { inspectConnection } from "./inspect-connection.ts";
import type { InspectedServer } from "./inspection.ts";

const MAX_CONNECTIONS = 1000;

/** What is going on in the process. */
export function inspectServer(registry: ConnectionRegistry, databases: readonly Database[], at: number): InspectedServer {
  const connections = registry.connections.slice(0, MAX_CONNECTIONS).map(inspectConnection);
  const positions = databases.map((database, index) => {
    const { position, size } = LiveHub.of(database);
    return {
      database: nameOf(database, index, databases),
      position: position === null ? null : String(position),
      liveQueries: size,
    };
  });
  return { connections, moreConnections: registry.size - connections.length, positions, at };
}

/** The databases of the querysets that the consumers of a routing table declare. */
export function databasesOf(routes: Routes): readonly Database[] {
  const found = placesOf(routes).flatMap(({ consumerClass }) => {
    const prototype: unknown = Reflect.get(consumerClass, "prototype");
    const database = prototype instanceof GenericConsumer ? prototype.queryset?.model.database : undefined;
    return database === undefined ? [] : [database];
  });
  return [...new Set(found)];
}

function nameOf({ dialect }: Database, index: number, all: readonly Database[]): string {
  const before = all.slice(0, index).filter((other) => other.dialect.name === dialect.name).length;
  return before === 0 ? dialect.name : `${dialect.name} ${before + 1}`;
}
