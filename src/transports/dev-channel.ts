import { logFindings, type SayFindings } from "../checks/start-checks.ts";
import type { Logger } from "../consumers/logger.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { describeRoutes } from "../contracts/describe-routes.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import type { Routes } from "../routing/route.ts";
import { DEV_CHANNEL, type DevMessage, type DevResource } from "./dev-message.ts";

/** Where findings are said: to `restwave dev`, which prints them for people, or to the log. */
export function sayFindings(logger: Logger): SayFindings {
  return isUnderDev() ? (findings) => tellDev({ type: "findings", findings }) : logFindings(logger);
}

/** Tells `restwave dev` that a server listens, and what it serves. */
export function tellDevOfServer(url: string, routes: Routes, settings: ConsumerSettings): void {
  if (isUnderDev()) tellDev({ type: "listening", url, resources: resourcesOfServer(routes, settings) });
}

/** None where they cannot be told apart or made: that is a finding of its own. */
function resourcesOfServer(routes: Routes, settings: ConsumerSettings): readonly DevResource[] {
  try {
    return describeRoutes(routes, settings).resources.map(({ name, places, permissions, actions }) => ({
      name,
      places,
      permissions,
      actions: actions.map((action) => ({ name: action.name })),
    }));
  } catch (error) {
    if (error instanceof RestwaveError) return [];
    throw error;
  }
}

function isUnderDev(): boolean {
  return process.env["RESTWAVE_DEV"] === "1" && process.connected === true;
}

function tellDev(message: DevMessage): void {
  process.send?.({ [DEV_CHANNEL]: message });
}
