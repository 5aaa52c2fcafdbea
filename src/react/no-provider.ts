import { ImproperlyConfigured } from "../protocol/exceptions.ts";

/** @throws ImproperlyConfigured always: a component needs a client, and there is none. */
export function noProvider(): never {
  throw new ImproperlyConfigured(
    "Expected a RestwaveProvider with a client around this component, got none. Put one around the application.",
  );
}
