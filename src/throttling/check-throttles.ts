import type { MessageArguments } from "../protocol/arguments.ts";
import { APIException, Throttled } from "../protocol/exceptions.ts";
import { noteRefusal } from "../protocol/refusal.ts";
import type { BaseThrottle } from "./base-throttle.ts";

type Asked = Parameters<BaseThrottle["allowRequest"]>;

/** Asks each throttle, in order. @throws Throttled (429) when one refuses, or what a throttle throws. `refusalOf` tells which throttle it was. */
export async function checkThrottles(
  throttles: readonly (new () => BaseThrottle)[],
  scope: Asked[0],
  consumer: Asked[1],
  action: string,
  args: MessageArguments,
): Promise<void> {
  for (const Throttle of throttles) {
    try {
      const throttle = new Throttle();
      if (!(await throttle.allowRequest(scope, consumer, action, args))) throw new Throttled(throttle.wait());
    } catch (error) {
      if (error instanceof APIException && error.status < 500)
        noteRefusal(error, () => ({ by: "throttle", name: Throttle.name }));
      throw error;
    }
  }
}
