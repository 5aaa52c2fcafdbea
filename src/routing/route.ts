import type { ConsumerClass } from "../consumers/connection.ts";
import type { PathParams } from "./path-converters.ts";

/** How a route's pattern met a path: what it captured, and what of the path is left behind it. */
export interface PatternMatch {
  readonly params: PathParams;
  readonly rest: string;
}

/** What a route leads to: a consumer, or a list of routes that match what the prefix left over. */
export type RouteTarget = ConsumerClass | readonly Route[];

/**
 * One entry of a routing table, made by `path` or `rePath`. Its type keeps the pattern and the class that serves it, so `typeof routes` tells
 * a client all there is to call.
 */
export interface Route<Pattern extends string | RegExp = string | RegExp, Target extends RouteTarget = RouteTarget> {
  readonly pattern: Pattern;
  readonly target: Target;
  /** Matches the start of `path`, or all of it when the target is a consumer. `path` has no leading slash and is percent-decoded. */
  match(path: string): PatternMatch | null;
}

/** A routing table: the first entry that matches wins. */
export type Routes = readonly Route[];

/** Does a route lead to a list of routes? */
export function isRoutes(target: ConsumerClass | Routes): target is Routes {
  return Array.isArray(target);
}
