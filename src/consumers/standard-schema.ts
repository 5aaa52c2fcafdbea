import type { StandardSchemaV1 } from "@standard-schema/spec";
import { RestwaveError, ValidationError } from "../protocol/exceptions.ts";

/** Key of messages that belong to no field (DRF's `NON_FIELD_ERRORS_KEY`). */
export const NON_FIELD_ERRORS = "non_field_errors";

/** @throws ValidationError with the schema's messages by field: `{ to: ["Invalid email address"] }`, nested for nested input. */
export async function validateInput(schema: StandardSchemaV1, input: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(input);
  if (result.issues === undefined) return result.value;
  throw new ValidationError(toFieldErrors(result.issues));
}

/** An action answered what its own output schema refuses: a fault of the server, so nothing of it reaches the client. */
export class OutputMismatch extends RestwaveError {
  constructor(issues: readonly StandardSchemaV1.Issue[]) {
    super(`Expected the action's answer to fit its output schema: ${JSON.stringify(toFieldErrors(issues))}`, {
      code: "output_mismatch",
    });
  }
}

export async function validateOutput(schema: StandardSchemaV1, output: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(output);
  if (result.issues === undefined) return result.value;
  throw new OutputMismatch(result.issues);
}

type FieldErrors = { [field: string]: string[] | FieldErrors };

function toFieldErrors(issues: readonly StandardSchemaV1.Issue[]): FieldErrors {
  const errors: FieldErrors = Object.create(null);
  for (const issue of issues) place(errors, pathOf(issue), issue.message);
  return errors;
}

function pathOf(issue: StandardSchemaV1.Issue): string[] {
  return (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
}

function place(errors: FieldErrors, path: readonly string[], message: string): void {
  const [field = NON_FIELD_ERRORS, ...rest] = path;
  const present = errors[field];
  if (rest.length > 0 && !Array.isArray(present)) {
    const nested = (errors[field] = present ?? (Object.create(null) as FieldErrors));
    place(nested, rest, message);
    return;
  }
  if (present === undefined) errors[field] = [message];
  else if (Array.isArray(present)) present.push(message);
  else place(present, [NON_FIELD_ERRORS], message);
}
