import type { ResourceContract } from "restwave/contracts";
import { APIError } from "restwave/client";
import { useEffect, useRef, useState } from "react";
import { columnsOf } from "../contract/resource-shape.ts";
import { Cell } from "../parts/cell.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { WhyRefused } from "../parts/why-refused.tsx";
import { useContract } from "../state/session-context.tsx";
import type { JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";
import type { ShownRow } from "./instance-source.tsx";

interface RowDetailsProps {
  readonly resource: ResourceContract;
  readonly line: Line;
  readonly stream: string | null;
  /** The argument that names the row. */
  readonly given: JsonObject;
  readonly shown: ShownRow;
}

/** The fields of one row; those that change are marked. */
export function RowDetails({ resource, line, stream, given, shown }: RowDetailsProps) {
  const { contract } = useContract();
  const { row, error, kind, isOld, refresh } = shown;
  const changed = useChangedFields(row);
  const isThere = row !== null && row !== undefined;
  const columns = columnsOf(resource, contract.schemas);
  const action = kind === "live" ? "subscribe_instance" : "retrieve";
  return (
    <section className="panel row-details" aria-label="Row">
      <div className="rows-bar">
        <span className={`pill ${kind === "live" && error === null && !isOld && isThere ? "pill-good pill-live" : ""}`}>
          {error === null ? standingOf(shown) : "Not there"}
        </span>
        {(kind === "retrieved" || error !== null) && (
          <button type="button" className="quiet" onClick={refresh}>
            <Icon name="refresh" />
            {error === null ? "Refresh" : "Try again"}
          </button>
        )}
      </div>
      {error !== null && (
        <Notice tone="bad" title={error.message}>
          {error instanceof APIError && (
            <WhyRefused line={line} stream={stream} frame={{ ...given, action, request_id: "why" }} />
          )}
        </Notice>
      )}
      {row === null && <Notice tone="warn" title="This row is gone, or you may not see it any more." />}
      {row === undefined && error === null && <Skeleton rows={columns.length} label="Loading the row" />}
      {isThere && (
        <dl className="details">
          {columns.map(([name, schema]) => (
            <div key={name} className={changed.has(name) ? "detail cell-changed" : "detail"}>
              <dt>{name}</dt>
              <dd>
                <Cell value={row[name]} schema={schema} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function standingOf({ row, isOld, kind }: ShownRow): string {
  if (row === undefined) return "Loading";
  if (row === null) return "Gone";
  if (isOld) return "Not current";
  return kind === "live" ? "Live" : "Not live";
}

function useChangedFields(row: JsonObject | null | undefined): ReadonlySet<string> {
  const before = useRef(row);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const old = before.current;
    before.current = row;
    if (old === row || old === null || old === undefined || row === null || row === undefined) return;
    setChanged(new Set(Object.keys(row).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(row[name]))));
    const timer = setTimeout(() => setChanged(new Set()), 2500);
    return () => clearTimeout(timer);
  }, [row]);
  return changed;
}
