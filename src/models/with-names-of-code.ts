import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { UnknownFieldError } from "./errors.ts";

/** Runs what takes names from the application's code. @throws ImproperlyConfigured for a wrong one: no client can mend it. */
export function withNamesOfCode<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof UnknownFieldError)) throw error;
    throw new ImproperlyConfigured(
      `The code names "${error.field}": ${error.reason} Correct it; names from a client belong to filterUntrusted() and orderByUntrusted().`,
      { cause: error },
    );
  }
}
