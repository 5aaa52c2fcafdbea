import type { Connection } from "../consumers/connection.ts";
import { path } from "../routing/path.ts";
import type { Route } from "../routing/route.ts";
import { INSPECTOR_PATH } from "./explorer-path.ts";
import { InspectorConsumer } from "./inspector-consumer.ts";
import type { InspectorDesk } from "./inspector-desk.ts";

type InspectorRoute = Route<string, new (connection: Connection) => InspectorConsumer>;

/** What the page gives to `createClient`. */
export type InspectorRoutes = readonly [InspectorRoute];

/** The route to the inspector's socket. */
export function inspectorRoute(desk: InspectorDesk): InspectorRoute {
  class Inspector extends InspectorConsumer {
    protected override readonly desk = desk;
  }
  return path(INSPECTOR_PATH.slice(1), Inspector);
}
