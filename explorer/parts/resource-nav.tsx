import type { ResourceContract } from "restwave/contracts";
import { Link } from "../router/link.tsx";
import { hrefOf } from "../router/route.ts";
import { isHousekeeping } from "../contract/resource-shape.ts";

/** From the rows of a resource to its actions and back. */
export function ResourceNav({ resource, view }: { resource: ResourceContract; view: "rows" | "actions" }) {
  const count = resource.actions.filter((action) => !isHousekeeping(action)).length;
  return (
    <nav className="sub-nav" aria-label={resource.name}>
      {resource.row !== null && (
        <Link href={hrefOf({ view: "rows", resource: resource.name })} aria-current={view === "rows" ? "page" : undefined}>
          Rows
        </Link>
      )}
      <Link href={hrefOf({ view: "actions", resource: resource.name })} aria-current={view === "actions" ? "page" : undefined}>
        Actions <span className="count">{count}</span>
      </Link>
    </nav>
  );
}
