import type { ResourceContract } from "restwave/contracts";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Link } from "../router/link.tsx";
import { BASE } from "../router/location.ts";
import type { Route } from "../router/route.ts";
import { useContract } from "../state/session-context.tsx";
import { ActionsView } from "./actions-view.tsx";
import { ActionView } from "./action-view.tsx";
import { ConnectionsView } from "./connections-view.tsx";
import { ConsoleView } from "./console-view.tsx";
import { EventsView } from "./events-view.tsx";
import { InstanceView } from "./instance-view.tsx";
import { Overview } from "./overview.tsx";
import { RowsView } from "./rows-view.tsx";

/** The view that a route leads to. */
export function CurrentView({ route }: { route: Route }) {
  const { contract } = useContract();
  switch (route.view) {
    case "overview":
      return <Overview />;
    case "events":
      return <EventsView />;
    case "console":
      return <ConsoleView />;
    case "connections":
      return <ConnectionsView />;
    case "rows":
    case "actions":
    case "action":
    case "instance": {
      const resource = contract.resources.find(({ name }) => name === route.resource);
      return resource === undefined ? <Unknown /> : <ResourceView key={resource.name} route={route} resource={resource} />;
    }
    case "unknown":
    default:
      return <Unknown />;
  }
}

function ResourceView({ route, resource }: { route: Extract<Route, { readonly resource: string }>; resource: ResourceContract }) {
  if (route.view === "rows") return <RowsView resource={resource} />;
  if (route.view === "actions") return <ActionsView resource={resource} />;
  if (route.view === "instance") return <InstanceView key={route.key} resource={resource} rowKey={route.key} />;
  const { action: wanted } = route;
  const action = resource.actions.find(({ name }) => name === wanted);
  return action === undefined ? <Unknown /> : <ActionView resource={resource} action={action} />;
}

function Unknown() {
  return (
    <>
      <PageHead title="Not found" />
      <Notice icon="why" title="There is nothing of this name.">
        <Link href={BASE}>To the overview</Link>
      </Notice>
    </>
  );
}
