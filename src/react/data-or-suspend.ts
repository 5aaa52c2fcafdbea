/** Milliseconds after an error was thrown in which it is thrown again: React renders more than once before it gives a component up. Later somebody wants to try again. */
const GIVING_UP_MS = 500;

const waits = new WeakMap<object, Promise<void>>();
const thrownAt = new WeakMap<Error, number>();

/** What is known of a source of data. */
export interface Knowledge<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
}

/**
 * The data. While there is none the component is suspended.
 *
 * @param wait begins to fetch it, and resolves when it is there, or has failed.
 * @throws the error, for an error boundary; a component that comes back later asks anew.
 */
export function dataOrSuspend<T>(source: object, { data, error }: Knowledge<T>, wait: () => Promise<void>): T {
  if (error !== null && isBeingThrown(error)) throw error;
  if (error === null && data !== undefined) return data;
  // oxlint-disable-next-line typescript/only-throw-error -- this is how React is told to wait
  throw waitFor(source, wait);
}

function isBeingThrown(error: Error): boolean {
  const now = Date.now();
  const since = thrownAt.get(error) ?? now;
  thrownAt.set(error, since);
  return now - since < GIVING_UP_MS;
}

function waitFor(source: object, wait: () => Promise<void>): Promise<void> {
  const known = waits.get(source);
  if (known !== undefined) return known;
  // Not while rendering: others may show the same.
  const made = Promise.resolve()
    .then(wait)
    .finally(() => waits.delete(source));
  waits.set(source, made);
  return made;
}
