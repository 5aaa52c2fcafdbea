import type { ActionContract, ResourceContract } from "restwave/contracts";
import { subscribes } from "../contract/resource-shape.ts";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PlaceBar } from "../parts/place-bar.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { Link } from "../router/link.tsx";
import { hrefOf } from "../router/route.ts";
import { useLine, usePlace } from "../state/use-place.ts";
import { ActionPanel } from "./action-panel.tsx";
import { SubscriptionPanel } from "./subscription-panel.tsx";

/** One action: to be called, and what it takes and gives. */
export function ActionView({ resource, action }: { resource: ResourceContract; action: ActionContract }) {
  const chosen = usePlace(resource);
  const line = useLine(chosen);
  const stream = chosen?.place.stream ?? null;
  const key = `${line?.tag ?? ""} ${stream ?? ""} ${action.name}`;
  return (
    <>
      <PageHead
        title={`${resource.name}.${action.name}`}
        crumbs={<Link href={hrefOf({ view: "actions", resource: resource.name })}>Actions of {resource.name}</Link>}
        about={<Statuses action={action} />}
      />
      {chosen !== null && <PlaceBar chosen={chosen} />}
      {line === null && (
        <Notice icon="connections" title="Its path takes values.">
          Fill them in to connect.
        </Notice>
      )}
      {line !== null && !subscribes(resource, action) && (
        <ActionPanel key={key} resource={resource} action={action} line={line} stream={stream} />
      )}
      {line !== null && subscribes(resource, action) && (
        <SubscriptionPanel key={key} resource={resource} action={action} line={line} stream={stream} />
      )}
      <details className="panel schemas">
        <summary>Schemas</summary>
        <h2>Takes</h2>
        <JsonView value={action.input} label="Schema of the input" />
        <h2>Gives</h2>
        <JsonView value={action.items ?? action.output} label="Schema of the output" />
      </details>
    </>
  );
}

function Statuses({ action }: { action: ActionContract }) {
  return (
    <>
      <span>Answers {action.statuses.join(", ")}</span>
      {action.idempotent && <span>Takes an idempotency key</span>}
    </>
  );
}
