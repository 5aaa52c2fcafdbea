import { ValidationError } from "../../protocol/exceptions.ts";
import { errorList } from "../error-list.ts";

/** What came of validating the elements of a list or object: values and errors by their place. */
export interface ElementResults {
  readonly values: [key: string, value: unknown][];
  readonly errors: [key: string, errors: unknown][];
}

/** Validates every element, one after the other, and keeps going after an error so that all of them are reported. */
export async function validateElements(
  entries: Iterable<readonly [string, unknown]>,
  validate: (value: unknown) => unknown,
): Promise<ElementResults> {
  const results: ElementResults = { values: [], errors: [] };
  for (const [key, value] of entries) {
    try {
      results.values.push([key, await validate(value)]);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      results.errors.push([key, errorList(error.detail)]);
    }
  }
  return results;
}
