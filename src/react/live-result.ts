interface Common {
  /** Is `data` that of the arguments before, because those for the present ones are still on their way (`keepPrevious`)? */
  readonly isPrevious: boolean;
  /** Asks again after `"failed"`. Always the same function for the same query. */
  readonly retry: () => void;
}

/** Not enabled: nothing was asked. */
interface Idle {
  readonly status: "idle";
  readonly data: undefined;
  readonly error: null;
}

/** The first snapshot is on its way; `data` is what was known before, if anything was. */
interface Loading<T> {
  readonly status: "loading";
  readonly data: T | undefined;
  readonly error: null;
}

/** `live`: as the server has it now. `stale`: as it was when the connection ended; it is being made anew. */
interface Known<T> {
  readonly status: "live" | "stale";
  readonly data: T;
  readonly error: null;
}

/** The server refused, or the connection was closed for good; `data` is what was known last. */
interface Failed<T> {
  readonly status: "failed";
  readonly data: T | undefined;
  readonly error: Error;
}

/** Live data, as a component shows it: look at `error`, then at whether `data` is undefined. */
export type LiveResult<T> = Common & (Idle | Loading<T> | Known<T> | Failed<T>);
