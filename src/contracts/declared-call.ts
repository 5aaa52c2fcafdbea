import type { JsonSchema } from "../protocol/json-schema.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { ActionContract, Contract, Place } from "./contract.ts";

/** One action at one place, as a declaration of types needs it. */
export interface DeclaredCall extends Pick<ActionContract, "name" | "kind" | "input" | "output" | "items" | "model">, Place {
  readonly resource: string;
}

/** Calls, and the schemas that they name. */
export interface DeclaredCalls {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly calls: readonly DeclaredCall[];
}

/** The calls of a contract. */
export function callsOfContract({ schemas, resources }: Contract): DeclaredCalls {
  const calls = resources.flatMap(({ name, places, actions }) =>
    places.flatMap((place) => actions.map((action) => ({ ...action, ...place, resource: name }))),
  );
  return { schemas, calls };
}

/** The calls of an AsyncAPI document that {@link asyncApiDocument} has made. @throws ImproperlyConfigured for one that something else has made. */
export function callsOfDocument(document: unknown): DeclaredCalls {
  const { operations, components } = record(document);
  const calls = Object.values(record(operations)).flatMap((operation) => {
    const call = record(operation)["x-restwave"];
    return isCall(call) ? [call] : [];
  });
  if (calls.length > 0) return { calls, schemas: schemasIn(record(components)["schemas"]) };
  throw new ImproperlyConfigured(
    "Expected an AsyncAPI document of a Restwave server, whose operations have x-restwave, got one without. Name its /asyncapi.json.",
  );
}

function schemasIn(value: unknown): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(record(value)).map(([name, schema]) => [name, record(schema)]));
}

function record(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function isCall(value: unknown): value is DeclaredCall {
  const { name, kind, resource, path, input, output } = record(value);
  const areTexts = [name, kind, resource, path].every((text) => typeof text === "string");
  return areTexts && typeof input === "object" && typeof output === "object";
}
