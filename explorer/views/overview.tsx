import type { ResourceContract } from "restwave/contracts";
import { isHousekeeping } from "../contract/resource-shape.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Link } from "../router/link.tsx";
import { hrefOf } from "../router/route.ts";
import { useContract } from "../state/session-context.tsx";
import { DocumentLinks } from "./document-links.tsx";

/** All that is served. */
export function Overview() {
  const { contract, title, version } = useContract();
  return (
    <>
      <PageHead title={title} about={version === "0.0.0" ? undefined : `Version ${version}`} />
      {contract.resources.length === 0 && <Notice icon="table" title="The routing table leads to no resource." />}
      <ul className="resource-cards">
        {contract.resources.map((resource) => (
          <ResourceCard key={resource.name} resource={resource} />
        ))}
      </ul>
      <DocumentLinks />
    </>
  );
}

function ResourceCard({ resource }: { resource: ResourceContract }) {
  const { name, row, places, permissions } = resource;
  const actions = resource.actions.filter((action) => !isHousekeeping(action));
  return (
    <li className="panel resource-card">
      <h2>
        <Link href={hrefOf({ view: row === null ? "actions" : "rows", resource: name })}>{name}</Link>
      </h2>
      <p className="muted small">
        {places.map(({ path, stream }) => `/${path}${stream === null ? "" : ` · ${stream}`}`).join(", ")}
        {permissions.length > 0 && ` · ${permissions.join(", ")}`}
      </p>
      <ul className="chips">
        {actions.map((action) => (
          <li key={action.name}>
            <Link className="chip" href={hrefOf({ view: "action", resource: name, action: action.name })}>
              {action.name}
              {action.kind !== "action" && <Icon name="events" />}
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}
