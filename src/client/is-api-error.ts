import { APIError } from "./api-error.ts";

/**
 * Is it an error that the server answered? With the call that failed, `fieldErrors` knows the fields that it takes.
 *
 * ```ts
 * try {
 *   await client.tasks.create({ title });
 * } catch (error) {
 *   if (isAPIError(error, client.tasks.create)) show(error.fieldErrors.title);
 * }
 * ```
 */
export function isAPIError<Fields extends string = string>(
  error: unknown,
  _call?: { readonly "~fields"?: Fields },
): error is APIError<Fields> {
  return error instanceof APIError;
}
