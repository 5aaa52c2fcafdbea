import type { ConsumerClass } from "../consumers/connection.ts";
import { isRoutes, type Routes } from "./route.ts";

/** Has every consumer class that a routing table leads to prepare for its first connection. @throws the first failure, when all have tried. */
export async function prepareRoutes(routes: Routes): Promise<void> {
  const prepared = await Promise.allSettled([...consumersOf(routes)].map(async (consumer) => consumer.prepare?.()));
  const failed = prepared.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function consumersOf(routes: Routes): Set<ConsumerClass> {
  return new Set(routes.flatMap(({ target }) => (isRoutes(target) ? [...consumersOf(target)] : [target])));
}
