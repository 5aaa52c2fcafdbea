import type { ActionContract, ResourceContract } from "restwave/contracts";
import { isHousekeeping, subscribes } from "../contract/resource-shape.ts";
import { PageHead } from "../parts/page-head.tsx";
import { ResourceNav } from "../parts/resource-nav.tsx";
import { Link } from "../router/link.tsx";
import { hrefOf } from "../router/route.ts";

/** All actions of a resource. */
export function ActionsView({ resource }: { resource: ResourceContract }) {
  const own = resource.actions.filter(({ model }) => model === null);
  const model = resource.actions.filter((action) => action.model !== null && !isHousekeeping(action));
  const others = resource.actions.filter(isHousekeeping);
  return (
    <>
      <PageHead
        title={`Actions of ${resource.name}`}
        about={resource.dynamic ? "Some of it is decided for each request: what you may do shows when you do it." : undefined}
      />
      <ResourceNav resource={resource} view="actions" />
      <ActionGroup title="Its own" resource={resource} actions={own} />
      <ActionGroup title="Of its rows" resource={resource} actions={model} />
      <ActionGroup title="Of the connection" resource={resource} actions={others} />
    </>
  );
}

function ActionGroup({
  title,
  resource,
  actions,
}: {
  title: string;
  resource: ResourceContract;
  actions: readonly ActionContract[];
}) {
  if (actions.length === 0) return null;
  return (
    <section className="action-group">
      <h2>{title}</h2>
      <ul className="action-list">
        {actions.map((action) => (
          <li key={action.name}>
            <Link className="action-card" href={hrefOf({ view: "action", resource: resource.name, action: action.name })}>
              <code>{action.name}</code>
              <span className="pill">{kindOf(resource, action)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function kindOf(resource: ResourceContract, action: ActionContract): string {
  if (subscribes(resource, action)) return "subscription";
  return action.kind === "streaming" ? "stream" : "call";
}
