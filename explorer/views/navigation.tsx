import { Icon, type IconName } from "../parts/icon.tsx";
import { Link } from "../router/link.tsx";
import { hrefOf, type Route } from "../router/route.ts";
import { useContract } from "../state/session-context.tsx";

const VIEWS: readonly {
  readonly view: "overview" | "events" | "console" | "connections";
  readonly icon: IconName;
  readonly name: string;
}[] = [
  { view: "overview", icon: "overview", name: "Overview" },
  { view: "events", icon: "events", name: "Events" },
  { view: "console", icon: "console", name: "Console" },
  { view: "connections", icon: "connections", name: "Connections" },
];

/** The ways to everything. */
export function Navigation({ route, onGo }: { route: Route; onGo: () => void }) {
  const { contract } = useContract();
  const current = "resource" in route ? route.resource : null;
  return (
    <nav className="navigation" aria-label="Explorer" onClick={onGo}>
      <ul>
        {VIEWS.map(({ view, icon, name }) => (
          <li key={view}>
            <Link href={hrefOf({ view })} aria-current={route.view === view ? "page" : undefined}>
              <Icon name={icon} />
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <h2>Resources</h2>
      <ul>
        {contract.resources.map((resource) => (
          <li key={resource.name}>
            <Link
              href={hrefOf({ view: resource.row === null ? "actions" : "rows", resource: resource.name })}
              aria-current={current === resource.name ? "page" : undefined}
            >
              <Icon name={resource.row === null ? "play" : "table"} />
              {resource.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
