import { isRoutes, type Route, type Routes } from "../routing/route.ts";
import type { Finding } from "./finding.ts";

/** Values that no pattern was written for: what takes them takes every value of their kind. */
const SAMPLES: ReadonlyMap<string, readonly string[]> = new Map([
  ["int", ["982451653"]],
  ["str", ["Zq7.~x", "7"]],
  ["slug", ["zq7-_x"]],
  ["uuid", ["5e0c9d9e-7b0e-4c4e-9a53-2f6d1c0b7a11"]],
  ["path", ["zq7/~x", "Zq7.~x"]],
]);

const PARAMETER = /<(?:(\w+):)?[A-Za-z_]\w*>/g;

interface Leaf {
  /** Routes from the outermost to the one with the consumer. */
  readonly chain: readonly Route[];
}

/** Routes behind others that take all of their paths. */
export function routeFindings(routes: Routes): readonly Finding[] {
  const leaves = leavesOf(routes, []);
  return leaves.flatMap((leaf, index) => {
    const earlier = leaves.slice(0, index);
    const taker = earlier.find((other) => isSame(other, leaf)) ?? takerOf(leaf, earlier);
    return taker === undefined ? [] : [finding(leaf, taker)];
  });
}

function leavesOf(routes: Routes, outer: readonly Route[]): Leaf[] {
  return routes.flatMap((route) => {
    const chain = [...outer, route];
    return isRoutes(route.target) ? leavesOf(route.target, chain) : [{ chain }];
  });
}

function isSame(one: Leaf, other: Leaf): boolean {
  return (
    one.chain.length === other.chain.length &&
    one.chain.every((route, index) => String(route.pattern) === String(other.chain[index]?.pattern))
  );
}

/** The earlier route that takes every path of this one, as far as examples of its paths show. Those of an expression are not known. */
function takerOf(leaf: Leaf, earlier: readonly Leaf[]): Leaf | undefined {
  const patterns = leaf.chain.map(({ pattern }) => pattern);
  if (!patterns.every((pattern) => typeof pattern === "string")) return undefined;
  const takers = samplesOf(patterns.join("")).map((path) => earlier.find((other) => matches(other, path)));
  const [first] = takers;
  return takers.includes(undefined) ? undefined : first;
}

function matches({ chain }: Leaf, path: string): boolean {
  let rest = path;
  for (const route of chain) {
    const found = route.match(rest);
    if (found === null) return false;
    rest = found.rest;
  }
  return true;
}

function samplesOf(pattern: string): readonly string[] {
  const parts = [...pattern.matchAll(PARAMETER)];
  return [0, 1].map((which) => {
    let path = "";
    let end = 0;
    for (const part of parts) {
      const samples = SAMPLES.get(part[1] ?? "str") ?? ["x"];
      path += pattern.slice(end, part.index) + (samples[which] ?? samples[0] ?? "");
      end = part.index + part[0].length;
    }
    return path + pattern.slice(end);
  });
}

function finding(leaf: Leaf, taker: Leaf): Finding {
  return {
    code: "unreachable_route",
    level: "error",
    route: textOf(leaf),
    message: `${textOf(leaf)} is never reached: ${textOf(taker)} stands before it and takes all of its paths.`,
    fix: "The first route that matches wins: move the narrower one up, or remove one of the two.",
  };
}

function textOf({ chain }: Leaf): string {
  return `"${chain.map(({ pattern }) => (typeof pattern === "string" ? pattern : String(pattern))).join("")}"`;
}
