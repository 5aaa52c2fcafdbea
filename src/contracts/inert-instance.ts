import type { ConsumerSettings } from "../consumers/settings.ts";
import { ImproperlyConfigured, RestwaveError } from "../protocol/exceptions.ts";
import type { ConsumerPlace } from "../routing/resources-of.ts";
import { InertConnection } from "./inert-connection.ts";

/**
 * A consumer of nobody, to be looked at.
 *
 * @throws ImproperlyConfigured when it cannot be made without a connection.
 */
export function inertInstance({ consumerClass, path }: ConsumerPlace, settings: ConsumerSettings): object {
  try {
    return new consumerClass(new InertConnection(settings));
  } catch (error) {
    if (error instanceof RestwaveError) throw error;
    throw new ImproperlyConfigured(
      `Expected ${consumerClass.name} at "${path}" to be made without a user, to be looked at; its fields or constructor threw. Read this.scope in connect() or in an action.`,
      { cause: error },
    );
  }
}
