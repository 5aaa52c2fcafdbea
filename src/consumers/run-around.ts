import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Instrumentation, SeenRequest } from "./instrumentation.ts";
import { logInstrumentationFailure, type WatchedSettings } from "./tell-instrumentations.ts";

/** Runs a request within what its watchers put around it. `run` is called exactly once, and its result given, whatever they do. */
export function runAround<T>(settings: WatchedSettings, request: SeenRequest, run: () => T): T {
  let whole = run;
  for (const instrumentation of settings.instrumentations.toReversed()) {
    if (instrumentation.aroundRequest === undefined) continue;
    const inner = whole;
    whole = () => surround(settings, instrumentation, request, inner);
  }
  return whole();
}

function surround<T>(settings: WatchedSettings, instrumentation: Instrumentation, request: SeenRequest, run: () => T): T {
  const only = new OneRun(run);
  const fail = (error: unknown): void => logInstrumentationFailure(settings, error);
  try {
    const given: unknown = instrumentation.aroundRequest?.(request, only.call);
    if (given instanceof Promise) given.catch(fail);
    if (!only.wasCalled)
      fail(new ImproperlyConfigured("Expected aroundRequest to call run() before it returns, but it did not."));
  } catch (error) {
    fail(error);
  }
  return only.call();
}

/** Runs once, however often it is called. */
class OneRun<T> {
  readonly #run: () => T;
  #result: { readonly value: T } | null = null;

  constructor(run: () => T) {
    this.#run = run;
  }

  get wasCalled(): boolean {
    return this.#result !== null;
  }

  readonly call = (): T => {
    this.#result ??= { value: this.#run() };
    return this.#result.value;
  };
}
