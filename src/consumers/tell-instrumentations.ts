import type { Instrumentation } from "./instrumentation.ts";
import type { ConsumerSettings } from "./settings.ts";

/** What telling asks of the settings. */
export type WatchedSettings = Pick<ConsumerSettings, "instrumentations" | "logger">;

/** Tells everybody who watches. What fails is logged, also what fails later, and the others are told all the same. */
export function tellInstrumentations(settings: WatchedSettings, tell: (instrumentation: Instrumentation) => unknown): void {
  for (const instrumentation of settings.instrumentations) {
    try {
      const told = tell(instrumentation);
      if (told instanceof Promise) told.catch((error: unknown) => logInstrumentationFailure(settings, error));
    } catch (error) {
      logInstrumentationFailure(settings, error);
    }
  }
}

export function logInstrumentationFailure({ logger }: WatchedSettings, error: unknown): void {
  logger.error({ error }, "An instrumentation failed.");
}
