import type { ActionContract, ResourceContract } from "restwave/contracts";
import { useState } from "react";
import { actionOf, isHousekeeping, keyFromText, subscribes, takesKey } from "../contract/resource-shape.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PlaceBar } from "../parts/place-bar.tsx";
import { Link } from "../router/link.tsx";
import { hrefOf } from "../router/route.ts";
import { announce } from "../state/announcer.ts";
import { useContract } from "../state/session-context.tsx";
import { useLine, usePlace } from "../state/use-place.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import { dataSchemaOf } from "./action-args.ts";
import { ActionPanel } from "./action-panel.tsx";
import { InstanceEvents } from "./instance-events.tsx";
import { InstanceSource, instanceKindOf, type ShownRow } from "./instance-source.tsx";
import { RowDetails } from "./row-details.tsx";
import { propertiesOf, type Schemas } from "../contract/resource-shape.ts";

/** One row as it is now, and what can be done with it. */
export function InstanceView({ resource, rowKey }: { resource: ResourceContract; rowKey: string }) {
  const chosen = usePlace(resource);
  const line = useLine(chosen);
  const stream = chosen?.place.stream ?? null;
  const kind = instanceKindOf(resource);
  const lookup = keyFromText(resource, rowKey);
  return (
    <>
      {chosen !== null && line === null && <PlaceBar chosen={chosen} />}
      {(line === null || kind === null) && (
        <PageHead title={`${resource.name} ${rowKey}`} crumbs={<Back resource={resource} />} />
      )}
      {kind === null && <Notice icon="table" title="Rows of this resource cannot be looked at one by one." />}
      {line !== null && kind !== null && (
        <InstanceSource key={`${line.tag} ${rowKey}`} kind={kind} line={line} stream={stream} lookup={lookupOf(resource, lookup)}>
          {(shown) => <Instance resource={resource} rowKey={lookup} line={line} stream={stream} shown={shown} />}
        </InstanceSource>
      )}
    </>
  );
}

interface InstanceProps {
  readonly resource: ResourceContract;
  readonly rowKey: string | number;
  readonly line: NonNullable<ReturnType<typeof useLine>>;
  readonly stream: string | null;
  readonly shown: ShownRow;
}

function Instance({ resource, rowKey, line, stream, shown }: InstanceProps) {
  const { contract } = useContract();
  const [open, setOpen] = useState<ActionContract | null>(null);
  const edit = actionOf(resource, "patch") ?? actionOf(resource, "update");
  const remove = actionOf(resource, "delete");
  const argument = resource.lookup?.argument ?? "pk";
  const own = resource.actions.filter(
    (action) =>
      action.model === null &&
      !isHousekeeping(action) &&
      !subscribes(resource, action) &&
      takesKey(resource, action, contract.schemas),
  );
  const isThere = isObject(shown.row);
  const given = { [argument]: rowKey };
  return (
    <>
      <PageHead title={`${resource.name} ${rowKey}`} crumbs={<Back resource={resource} />}>
        {edit !== null && isThere && (
          <button type="button" className="primary" onClick={() => setOpen(edit)}>
            <Icon name="edit" />
            Edit
          </button>
        )}
        {remove !== null && isThere && (
          <button type="button" className="danger" onClick={() => setOpen(remove)}>
            <Icon name="trash" />
            Delete
          </button>
        )}
      </PageHead>
      <RowDetails resource={resource} line={line} stream={stream} given={given} shown={shown} />
      {isThere && own.length > 0 && (
        <section className="own-actions" aria-label="Actions of this row">
          <h2>Actions</h2>
          {own.map((action) => (
            <details key={action.name} className="panel">
              <summary>
                <code>{action.name}</code>
              </summary>
              <ActionPanel resource={resource} action={action} line={line} stream={stream} given={given} fixed={[argument]} />
            </details>
          ))}
        </section>
      )}
      <InstanceEvents resource={resource} line={line} stream={stream} rowKey={rowKey} />
      {open !== null && (
        <Dialog
          title={open === remove ? `Delete ${resource.name} ${rowKey}?` : `Edit ${resource.name} ${rowKey}`}
          wide
          onClose={() => setOpen(null)}
        >
          <ActionPanel
            resource={resource}
            action={open}
            line={line}
            stream={stream}
            given={open === remove ? given : { ...given, data: writableOf(open, shown.row, contract.schemas) }}
            fixed={[argument]}
            baseline={open === remove ? null : writableOf(open, shown.row, contract.schemas)}
            onDone={() => {
              setOpen(null);
              announce(open === remove ? "Deleted." : "Saved.");
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Back({ resource }: { resource: ResourceContract }) {
  return <Link href={hrefOf({ view: "rows", resource: resource.name })}>{resource.name}</Link>;
}

function lookupOf(resource: ResourceContract, key: string | number): string | number | Readonly<Record<string, string | number>> {
  const argument = resource.lookup?.argument ?? "pk";
  return argument === "pk" ? key : { [argument]: key };
}

/** Of a row what can be written. */
function writableOf(action: ActionContract, row: JsonObject | null | undefined, schemas: Schemas): JsonObject {
  const data = dataSchemaOf(action, schemas);
  const names = Object.keys(propertiesOf(data, schemas));
  return Object.fromEntries(names.filter((name) => isObject(row) && name in row).map((name) => [name, row?.[name]]));
}
