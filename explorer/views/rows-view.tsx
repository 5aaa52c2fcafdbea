import type { ActionContract, ResourceContract } from "restwave/contracts";
import { useState } from "react";
import { actionOf } from "../contract/resource-shape.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PlaceBar } from "../parts/place-bar.tsx";
import { ResourceNav } from "../parts/resource-nav.tsx";
import { announce } from "../state/announcer.ts";
import { useContract } from "../state/session-context.tsx";
import { useLine, usePlace } from "../state/use-place.ts";
import { useTableState } from "../state/use-table-state.ts";
import { ActionPanel } from "./action-panel.tsx";
import { RowSource, sourceKindOf } from "./row-source.tsx";
import { RowsPanel } from "./rows-panel.tsx";
import { TableControls } from "./table-controls.tsx";

/** The rows of a resource, as they are now and as they change. */
export function RowsView({ resource }: { resource: ResourceContract }) {
  const { contract } = useContract();
  const chosen = usePlace(resource);
  const line = useLine(chosen);
  const state = useTableState();
  const [open, setOpen] = useState<ActionContract | null>(null);
  const create = actionOf(resource, "create");
  const kind = sourceKindOf(resource, state.args, contract.schemas);
  return (
    <>
      <PageHead title={resource.name} about={<About resource={resource} />}>
        {create !== null && line !== null && (
          <button type="button" className="primary" data-shortcut="n" onClick={() => setOpen(create)}>
            <Icon name="plus" />
            New
          </button>
        )}
      </PageHead>
      <ResourceNav resource={resource} view="rows" />
      {chosen !== null && <PlaceBar chosen={chosen} />}
      {kind === null && (
        <Notice icon="table" title="This resource has no list.">
          Look at its actions.
        </Notice>
      )}
      {kind !== null && line === null && (
        <Notice icon="connections" title="Its path takes values.">
          Fill them in to connect.
        </Notice>
      )}
      {kind !== null && line !== null && chosen !== null && (
        <>
          <TableControls resource={resource} state={state} />
          <RowSource key={`${line.tag} ${kind}`} kind={kind} line={line} stream={chosen.place.stream} args={state.args}>
            {(shown) => <RowsPanel resource={resource} line={line} stream={chosen.place.stream} state={state} shown={shown} />}
          </RowSource>
        </>
      )}
      {open !== null && line !== null && (
        <Dialog title={`New in ${resource.name}`} wide onClose={() => setOpen(null)}>
          <ActionPanel
            resource={resource}
            action={open}
            line={line}
            stream={chosen?.place.stream ?? null}
            onDone={() => {
              setOpen(null);
              announce(`Created in ${resource.name}.`);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function About({ resource }: { resource: ResourceContract }) {
  const { permissions, places } = resource;
  return (
    <>
      {places.map(({ path, stream }) => (
        <code key={`${path} ${stream ?? ""}`}>
          /{path}
          {stream !== null && ` · ${stream}`}
        </code>
      ))}
      {permissions.length > 0 && (
        <span className="with-icon">
          <Icon name="lock" />
          {permissions.join(", ")}
        </span>
      )}
    </>
  );
}
