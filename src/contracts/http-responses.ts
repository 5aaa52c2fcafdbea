import type { JsonSchema } from "../protocol/json-schema.ts";
import { objectSchema } from "./object-schema.ts";

const NAMES: ReadonlyMap<number, readonly [name: string, description: string]> = new Map([
  [400, ["BadRequest", "Messages by field, or what is wrong with the request"]],
  [401, ["Unauthorized", "Credentials are missing or wrong"]],
  [403, ["Forbidden", "Not allowed"]],
  [404, ["NotFound", "No such row in what this user may see"]],
  [405, ["MethodNotAllowed", "There is no such action"]],
  [409, ["Conflict", "Contradicts the present state"]],
  [429, ["TooManyRequests", "Throttled"]],
  [500, ["ServerError", "The application failed; the log has the id in the message"]],
]);

const DETAIL: JsonSchema = objectSchema({ detail: { type: "string" } });

/** Django REST Framework's forms of errors. */
export const ERROR_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  "Error.Detail": DETAIL,
  "Error.Validation": {
    type: "object",
    description: "Messages by field; non_field_errors for what belongs to no field; objects for nested data.",
    additionalProperties: {
      anyOf: [{ type: "array", items: { anyOf: [{ type: "string" }, { type: "object" }] } }, { type: "object" }],
    },
  },
};

/** The responses that operations share. */
export function errorResponses(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    [...NAMES].map(([status, [name, description]]) => [name, jsonResponse(description, errorSchema(status))]),
  );
}

function errorSchema(status: number): JsonSchema {
  const detail = { $ref: "#/components/schemas/Error.Detail" };
  return status === 400 ? { anyOf: [{ $ref: "#/components/schemas/Error.Validation" }, detail] } : detail;
}

/** The failures among these statuses, and 500, by status. */
export function failuresOf(statuses: readonly number[]): Readonly<Record<string, JsonSchema>> {
  const failures = [...statuses, 500].flatMap((status) => {
    const named = NAMES.get(status);
    return named === undefined ? [] : [[String(status), { $ref: `#/components/responses/${named[0]}` }] as const];
  });
  return Object.fromEntries(failures);
}

/** A response with a JSON body; with `events` the same path answers `text/event-stream` too. */
export function jsonResponse(description: string, schema: JsonSchema, events = false): JsonSchema {
  const stream = {
    "text/event-stream": { schema: { type: "string", description: "Server-sent events, each with JSON as its data." } },
  };
  return { description, content: { "application/json": { schema }, ...(events ? stream : {}) } };
}
