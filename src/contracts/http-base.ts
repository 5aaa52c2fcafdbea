import type { JsonSchema } from "../protocol/json-schema.ts";
import type { Place, ResourceContract } from "./contract.ts";
import { routeAddress } from "./route-address.ts";

/** Where the HTTP binding serves a resource. */
export interface HttpBase {
  /** `/users/`, or `/rooms/{room}/messages/`. */
  readonly path: string;
  /** Of OpenAPI, for the path. */
  readonly parameters: readonly JsonSchema[];
}

/**
 * The path of a resource's list below the prefix, by the rules of PROTOCOL.md 11.12. Null when it is served nowhere that OpenAPI can write: behind
 * an expression that is no plain path.
 */
export function httpBase({ name, places }: Pick<ResourceContract, "name" | "places">): HttpBase | null {
  if (places.some(({ path }) => routeAddress(path).parameters.length === 0 && !/<\w+>/.test(path)))
    return { path: `/${name}/`, parameters: [] };
  for (const place of places) {
    const base = baseOf(name, place);
    if (base !== null) return base;
  }
  return null;
}

function baseOf(name: string, { path, stream }: Place): HttpBase | null {
  const { address, parameters } = routeAddress(path);
  if (address === null) return null;
  const segments = address.split("/").filter((segment) => segment !== "");
  const isNamed = stream === null && segments.at(-1) === name;
  return {
    path: `/${[...segments, ...(isNamed ? [] : [name])].join("/")}/`,
    parameters: parameters.map((parameter) => ({
      name: parameter,
      in: "path",
      required: true,
      schema: schemaOf(path, parameter),
    })),
  };
}

/** What the path converters of `path` take, as JSON Schema. */
const CONVERTERS: ReadonlyMap<string, JsonSchema> = new Map([
  ["int", { type: "integer", minimum: 0 }],
  ["uuid", { type: "string", format: "uuid" }],
  ["slug", { type: "string", pattern: "^[-a-zA-Z0-9_]+$" }],
]);

function schemaOf(pattern: string, parameter: string): JsonSchema {
  const converter = new RegExp(`<(\\w+):${parameter}>`).exec(pattern)?.[1] ?? "str";
  return CONVERTERS.get(converter) ?? { type: "string" };
}
