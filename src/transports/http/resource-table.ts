import { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";
import type { Connection, ConsumerClass } from "../../consumers/connection.ts";
import type { PathParams } from "../../routing/path-converters.ts";
import { resolveRoute, type ResolvedRoute } from "../../routing/resolve-route.ts";
import { placesOf, type Resource, resourcesOf } from "../../routing/resources-of.ts";
import type { Routes } from "../../routing/route.ts";

/** A class of consumers that take actions by name. */
export type ApiConsumerClass = new (connection: Connection) => AsyncAPIConsumer;

/** Which resource a path leads to, and what of the path is left. */
export interface FoundResource {
  readonly consumerClass: ApiConsumerClass;
  readonly pathParams: PathParams;
  /** The path of its list below the prefix, percent-encoded, with a slash at its end. */
  readonly path: string;
  /** The decoded segments behind it: a key, the name of an action, or both. */
  readonly rest: readonly string[];
}

/**
 * The resources of a routing table by their paths: `users/`; for one whose route has parameters its route, filled in, with its name at the end:
 * `rooms/3/messages/`.
 */
export class ResourceTable {
  private readonly routes: Routes;
  private readonly plain: ReadonlyMap<string, ApiConsumerClass>;
  private readonly named = new Map<unknown, readonly Resource[]>();

  /** @throws ImproperlyConfigured when a consumer has no name, or two have the same. */
  constructor(routes: Routes) {
    this.routes = routes;
    resourcesOf(routes);
    const plain = placesOf(routes).filter(({ path }) => !hasParameters(path));
    this.plain = new Map(
      plain.flatMap(({ name, consumerClass }) => (takesActions(consumerClass) ? [[name, consumerClass]] : [])),
    );
  }

  /** @param path below the prefix, percent-encoded. @returns null when it leads to no resource. */
  find(path: string): FoundResource | null {
    const segments = path.replace(/\/$/, "").split("/");
    const decoded = segments.map(decodeSegment);
    if (!decoded.every((segment) => segment !== null)) return null;
    const [name = "", ...rest] = decoded;
    const consumerClass = this.plain.get(name);
    if (consumerClass !== undefined) return { consumerClass, pathParams: {}, path: `${segments[0]}/`, rest };
    return this.findByRoute(segments, decoded);
  }

  private findByRoute(segments: readonly string[], decoded: readonly string[]): FoundResource | null {
    for (let end = 1; end <= segments.length; end += 1) {
      const route = this.resolve(segments.slice(0, end).join("/"));
      if (route === null || Object.keys(route.pathParams).length === 0) continue;
      for (const resource of this.resourcesAt(route)) {
        const length = lengthWithName(resource, decoded, end);
        if (length === null || !takesActions(resource.consumerClass)) continue;
        const { consumerClass } = resource;
        const path = `${segments.slice(0, length).join("/")}/`;
        return { consumerClass, pathParams: route.pathParams, path, rest: decoded.slice(length) };
      }
    }
    return null;
  }

  private resolve(path: string): ResolvedRoute | null {
    return resolveRoute(this.routes, `/${path}/`) ?? resolveRoute(this.routes, `/${path}`);
  }

  /** The consumer that a route leads to, or those of its streams. */
  private resourcesAt({ consumer }: ResolvedRoute): readonly Resource[] {
    const known = this.named.get(consumer);
    if (known !== undefined) return known;
    const made = resourcesOf([{ pattern: "", target: consumer, match: () => null }]);
    this.named.set(consumer, made);
    return made;
  }
}

/** How many segments lead to the resource: its name stands behind the route, or at the route's own end. */
function lengthWithName({ name, stream }: Resource, segments: readonly string[], end: number): number | null {
  if (segments[end] === name) return end + 1;
  return stream === null && segments[end - 1] === name ? end : null;
}

/** In a pattern of `path` and in an expression's named group alike. */
function hasParameters(pattern: string): boolean {
  return /<(?:\w+:)?\w+>/.test(pattern);
}

function takesActions(consumerClass: ConsumerClass): consumerClass is ApiConsumerClass {
  return Reflect.get(consumerClass, "prototype") instanceof AsyncAPIConsumer;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
