/** How a hook that reads once behaves. */
export interface ReadOptions {
  /** False: nothing is asked and there is no data, `status` is `"idle"`. Default true. */
  readonly enabled?: boolean;
  /** While the answer for new arguments is on its way, show that for the old ones (`isPrevious` is true then). Default false. */
  readonly keepPrevious?: boolean;
}

interface Common {
  /** Is a request under way? */
  readonly pending: boolean;
  /** Is `data` that of the arguments before (`keepPrevious`)? */
  readonly isPrevious: boolean;
  /** Asks again, and gives up what is still under way. Always the same function for the same arguments. */
  readonly refetch: () => void;
}

/** Not enabled: nothing was asked. */
interface Idle {
  readonly status: "idle";
  readonly data: undefined;
  readonly error: null;
}

/** The first answer is on its way. */
interface Loading<T> {
  readonly status: "loading";
  readonly data: T | undefined;
  readonly error: null;
}

interface Ready<T> {
  readonly status: "ready";
  readonly data: T;
  readonly error: null;
}

/** The last request failed; `data` is the answer before, if there was one. */
interface Failed<T> {
  readonly status: "failed";
  readonly data: T | undefined;
  readonly error: Error;
}

/** An answer of the server, as a component shows it: look at `error`, then at whether `data` is undefined. */
export type ReadResult<T> = Common & (Idle | Loading<T> | Ready<T> | Failed<T>);
