import type { ConsumerClass } from "../consumers/connection.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { StreamConsumers } from "./multiplexer.ts";
import { isRoutes, type Routes } from "./route.ts";

/** A consumer that a routing table leads to, and by which way. */
export interface ConsumerPlace {
  readonly consumerClass: ConsumerClass;
  /** The patterns of the routes that lead to its socket, one after another: `"ws/"`, `"rooms/<int:room>/"`, or a regular expression's source. */
  readonly path: string;
  /** The stream of a multiplexed socket that it is; null when it has the socket for itself. */
  readonly stream: string | null;
}

/** A consumer that a routing table leads to, by the name under which it is described and served over HTTP. */
export interface Resource extends ConsumerPlace {
  /** Unique in its table: the name of its stream, or what {@link resourcesOf} makes of its class. */
  readonly name: string;
}

/**
 * Every consumer that a routing table leads to, in its order. One behind a `Multiplexer` has its stream's name; one with a route of its own has
 * that of its class without `Consumer`, as a plural in kebab-case (`UserConsumer`: `users`, `BlogEntryConsumer`: `blog-entries`), or what its
 * class says as `static readonly resourceName`.
 *
 * @throws ImproperlyConfigured when a class has no name, or two consumers have the same.
 */
export function resourcesOf(routes: Routes): readonly Resource[] {
  const found = placesOf(routes);
  const byName = new Map<string, Resource>();
  for (const resource of found) {
    const other = byName.get(resource.name);
    if (other !== undefined && other.consumerClass !== resource.consumerClass) throw sameName(resource, other);
    if (other === undefined) byName.set(resource.name, resource);
  }
  return [...byName.values()];
}

/** Every way to a consumer, those behind other routes too that {@link resourcesOf} takes for the same resource. */
export function placesOf(routes: Routes): readonly Resource[] {
  return consumerPlaces(routes).map(({ consumerClass, path, stream }) => ({
    name: stream ?? nameOf(consumerClass, path),
    consumerClass,
    path,
    stream,
  }));
}

/** Every way to a consumer, whether its class has a name or not. */
export function consumerPlaces(routes: Routes): readonly ConsumerPlace[] {
  return collect(routes, "");
}

function collect(routes: Routes, prefix: string): ConsumerPlace[] {
  return routes.flatMap(({ pattern, target }) => {
    const path = prefix + textOf(pattern);
    if (isRoutes(target)) return collect(target, path);
    const streams = streamsOf(target);
    if (streams === null) return [{ consumerClass: target, path, stream: null }];
    return Object.entries(streams).map(([stream, consumerClass]) => ({ consumerClass, path, stream }));
  });
}

function textOf(pattern: string | RegExp): string {
  if (typeof pattern === "string") return pattern;
  return pattern.source.replace(/^\^/, "").replace(/\$$/, "").replaceAll("\\/", "/");
}

function streamsOf(consumerClass: ConsumerClass): StreamConsumers | null {
  const streams: unknown = Reflect.get(consumerClass, "streams");
  // Only Multiplexer makes classes with this member.
  return typeof streams === "object" && streams !== null ? (streams as StreamConsumers) : null;
}

function nameOf(consumerClass: ConsumerClass, path: string): string {
  const given: unknown = Reflect.get(consumerClass, "resourceName");
  if (typeof given === "string" && given !== "") return given;
  const words = consumerClass.name.replace(/Consumer$/, "").match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [];
  if (words.length > 0) return pluralOf(words.join("-").toLowerCase());
  throw new ImproperlyConfigured(
    `Expected the consumer at "${path}" to be a class with a name, such as UserConsumer, or to have \`static readonly resourceName\`.`,
  );
}

function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

function sameName({ name, path }: Resource, other: Resource): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `Expected each consumer of a routing table to have a name of its own, got "${name}" for those at "${other.path}" and "${path}". Give one of them \`static readonly resourceName\`.`,
  );
}
