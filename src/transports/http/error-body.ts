import { type APIException, ValidationError } from "../../protocol/exceptions.ts";
import type { AnswerFrame } from "./answer-frame.ts";

/**
 * An error in DRF's HTTP form: an object of fields or a list as it is, a single message as `{"detail": "..."}`; a message of a `ValidationError`
 * is a list of one.
 *
 * @param refusal the exception that the answer tells of, where it is known.
 * @param hasFilters did the query string hold filters? There they stand beside the other parameters, and so do their errors.
 */
export function errorBody(
  { status, errors, errorId }: Pick<AnswerFrame, "status" | "errors" | "errorId">,
  refusal: APIException | null = null,
  hasFilters = false,
): unknown {
  if (errorId !== null) return { detail: errors[0], error_id: errorId };
  if (isMessage(status, errors, refusal)) return { detail: errors[0] };
  const [only] = errors;
  return errors.length === 1 && isObject(only) ? withoutFilters(only, hasFilters) : errors;
}

/** The frame of a socket holds a lone message and a list of one alike. */
function isMessage(status: number, errors: readonly unknown[], refusal: APIException | null): boolean {
  if (errors.length !== 1 || typeof errors[0] !== "string") return false;
  if (refusal === null || refusal.status !== status) return status !== 400;
  return typeof refusal.detail === "string" && !(refusal instanceof ValidationError);
}

function withoutFilters(fields: Readonly<Record<string, unknown>>, hasFilters: boolean): unknown {
  const { filters, ...others } = fields;
  return hasFilters && isObject(filters) ? { ...others, ...filters } : fields;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
