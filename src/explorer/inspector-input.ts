import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ExplainEventInput, ExplainRequestInput, ListedUser } from "./inspection.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Issues = StandardSchemaV1.Issue[];

/** What `users` takes. */
export const searchInput = schema<{ readonly search?: string }>((args, issues) => {
  expect(args, "search", isOptional(isText), "Expected a text.", issues);
});

/** What `log_in_as` takes: a user as `users` gave it. */
export const userInput = schema<ListedUser>((args, issues) => {
  expect(args, "id", isText, "Expected the id of a user.", issues);
  expect(args, "name", isText, "Expected the name of a user.", issues);
});

export const explainRequestInput = schema<ExplainRequestInput>((args, issues) => {
  expectConnection(args, issues);
  expect(args, "frame", isRecord, "Expected the request as an object.", issues);
});

export const explainEventInput = schema<ExplainEventInput>((args, issues) => {
  expectConnection(args, issues);
  expect(args, "subscription", isText, "Expected the request_id of a subscription as JSON text.", issues);
  expect(args, "subscribedBy", isOptional(isText), "Expected the action of a subscription.", issues);
  expect(args, "pk", (value) => isText(value) || typeof value === "number", "Expected a text or a number.", issues);
  expect(args, "kind", isOptional(isKind), 'Expected "create", "update" or "delete".', issues);
});

function expectConnection(args: Arguments, issues: Issues): void {
  expect(args, "tag", isOptional(isText), "Expected a text.", issues);
  expect(args, "connection", isOptional(isText), "Expected a text.", issues);
  expect(args, "stream", (value) => value === undefined || value === null || isText(value), "Expected a text or null.", issues);
  if (args["tag"] === undefined && args["connection"] === undefined)
    issues.push({ message: "Expected the tag or the id of a connection.", path: ["connection"] });
}

/** A schema that checks the shape of the arguments; the inspector is called by its own page alone. */
function schema<T>(check: (args: Arguments, issues: Issues) => void): StandardSchemaV1<T, T> {
  const validate = (value: unknown): StandardSchemaV1.Result<T> => {
    const issues: Issues = [];
    if (isRecord(value)) check(value, issues);
    else issues.push({ message: "Expected an object." });
    // What was just checked.
    return issues.length === 0 ? { value: value as T } : { issues };
  };
  return { "~standard": { version: 1, vendor: "restwave", validate } };
}

function expect(args: Arguments, name: string, isFit: (value: unknown) => boolean, message: string, issues: Issues): void {
  if (!isFit(Object.hasOwn(args, name) ? args[name] : undefined)) issues.push({ message, path: [name] });
}

function isOptional(isFit: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || isFit(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isKind(value: unknown): boolean {
  return value === "create" || value === "update" || value === "delete";
}

function isRecord(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
