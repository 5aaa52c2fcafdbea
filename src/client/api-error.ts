import { RestwaveError } from "../protocol/exceptions.ts";

/** Messages of one field; nested data has nested objects in place of messages. */
export type FieldErrors<Fields extends string> = { readonly [Field in Fields | "non_field_errors"]?: readonly unknown[] };

/** What the server's answer said went wrong. */
export interface FailedAnswer {
  readonly status: number;
  readonly errors: readonly unknown[];
  /** The action that was called, for the message: `users.create`. */
  readonly call: string;
  /** Under which the server's log tells more; null where it gave none. */
  readonly errorId: string | null;
}

/**
 * The server answered with an error: `status` is the HTTP status it mirrors, `errors` what PROTOCOL.md section 3.2 says, `fieldErrors` the messages by
 * field of a 400.
 */
export class APIError<Fields extends string = string> extends RestwaveError {
  readonly errors: readonly unknown[];
  readonly errorId: string | null;

  constructor({ status, errors, call, errorId }: FailedAnswer) {
    super(`${call} was answered ${status}: ${describe(errors)}`, { code: "api_error", status });
    this.errors = errors;
    this.errorId = errorId;
  }

  /** Messages by field; empty when the errors are of no field. */
  get fieldErrors(): FieldErrors<Fields> {
    const [first] = this.errors;
    const isByField = typeof first === "object" && first !== null && !Array.isArray(first);
    return isByField ? first : {};
  }
}

function describe(errors: readonly unknown[]): string {
  const texts = errors.map((error) => (typeof error === "string" ? error : JSON.stringify(error)));
  return texts.length === 0 ? "no reason was given." : texts.join(" ");
}
