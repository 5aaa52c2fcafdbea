import type { ConsumerClass } from "../consumers/connection.ts";
import { decodePath } from "./decode-path.ts";
import type { PathParams } from "./path-converters.ts";
import { isRoutes, type Routes } from "./route.ts";

/** Who serves a path, and what the path captured. */
export interface ResolvedRoute {
  readonly consumer: ConsumerClass;
  readonly pathParams: PathParams;
}

/**
 * Finds who serves a path: the first route that matches, depth first. `path` is percent-encoded as it came, without query. Null when there is
 * none or the percent-encoding is malformed.
 */
export function resolveRoute(routes: Routes, path: string): ResolvedRoute | null {
  const decoded = decodePath(path.startsWith("/") ? path.slice(1) : path);
  return decoded === null ? null : search(routes, decoded, {});
}

function search(routes: Routes, path: string, outer: PathParams): ResolvedRoute | null {
  for (const route of routes) {
    const { target } = route;
    const found = route.match(path);
    if (found === null) continue;
    const pathParams = { ...outer, ...found.params };
    if (!isRoutes(target)) return { consumer: target, pathParams };
    const inner = search(target, found.rest, pathParams);
    if (inner !== null) return inner;
  }
  return null;
}
