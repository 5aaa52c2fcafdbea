import type { ResourceContract } from "restwave/contracts";
import { APIError } from "restwave/client";
import { useMemo, useState } from "react";
import { columnsOf, keyFieldOf } from "../contract/resource-shape.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { WhyRefused } from "../parts/why-refused.tsx";
import { useContract } from "../state/session-context.tsx";
import { useRowMarks } from "../state/use-row-marks.ts";
import type { TableState } from "../state/use-table-state.ts";
import { canonical, type JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";
import { Pager } from "./pager.tsx";
import type { ShownRows } from "./row-source.tsx";
import { RowTable } from "./row-table.tsx";
import { WhyMissing } from "./why-missing.tsx";

interface RowsPanelProps {
  readonly resource: ResourceContract;
  readonly line: Line;
  readonly stream: string | null;
  readonly state: TableState;
  readonly shown: ShownRows;
}

/** Rows that are shown at once. */
const STEP = 200;
const NO_ROWS: readonly JsonObject[] = [];
const KINDS: Readonly<Record<ShownRows["kind"], string>> = { live: "Live", listed: "Not live", streamed: "Streamed" };

/** A table with what surrounds it: whether it is live, its pages, what went wrong. */
export function RowsPanel({ resource, line, stream, state, shown }: RowsPanelProps) {
  const { contract } = useContract();
  const columns = useMemo(() => columnsOf(resource, contract.schemas), [resource, contract]);
  const keyField = useMemo(() => keyFieldOf(resource, contract.schemas), [resource, contract]);
  const keyOf = useMemo(() => (keyField === null ? null : (row: JsonObject) => String(row[keyField])), [keyField]);
  const { rows, page, error, kind, isLoading, isOld, refresh } = shown;
  const marked = useRowMarks(rows ?? NO_ROWS, keyOf, rows === undefined || isOld ? null : canonical(state.args));
  const [limit, setLimit] = useState(STEP);
  const isEmpty = rows !== undefined && marked.length === 0;
  const isNarrowed = state.search !== "" || Object.keys(state.filters).length > 0;
  return (
    <section className="panel rows-panel" aria-label={`Rows of ${resource.name}`} aria-busy={isLoading}>
      <div className="rows-bar">
        <span
          className={`pill ${kind === "live" && error === null && !isOld && rows !== undefined ? "pill-good pill-live" : ""}`}
        >
          {error !== null ? "Not there" : rows === undefined ? "Loading" : isOld && kind === "live" ? "Not current" : KINDS[kind]}
        </span>
        {rows !== undefined && <span className="muted">{rows.length === 1 ? "1 row" : `${rows.length} rows`}</span>}
        {(kind !== "live" || error !== null) && (
          <button type="button" className="quiet" onClick={refresh}>
            <Icon name="refresh" />
            {error === null ? "Refresh" : "Try again"}
          </button>
        )}
      </div>
      {error !== null && (
        <Refused
          error={error}
          line={line}
          stream={stream}
          action={kind === "live" ? "subscribe_list" : "list"}
          args={state.args}
        />
      )}
      {rows === undefined && error === null && <Skeleton rows={6} label={`Loading ${resource.name}`} />}
      {isEmpty && error === null && (
        <Notice icon="table" title={isNarrowed ? "No row matches." : "There are no rows yet."}>
          {isNarrowed && (
            <button type="button" onClick={state.clear}>
              Show all
            </button>
          )}
        </Notice>
      )}
      {marked.length > 0 && (
        <RowTable
          resource={resource}
          columns={columns}
          rows={marked.slice(0, limit)}
          keyField={keyField}
          ordering={state.ordering}
          onOrder={state.setOrdering}
          isOld={isOld || error !== null}
        />
      )}
      {marked.length > limit && (
        <button type="button" className="show-more" onClick={() => setLimit(limit + STEP)}>
          Show {Math.min(STEP, marked.length - limit)} more of {marked.length}
        </button>
      )}
      <Pager state={state} page={page} shown={rows?.length ?? 0} />
      {kind === "live" && rows !== undefined && error === null && (
        <WhyMissing resource={resource} line={line} stream={stream} args={state.args} />
      )}
    </section>
  );
}

function Refused({
  error,
  line,
  stream,
  action,
  args,
}: {
  error: Error;
  line: Line;
  stream: string | null;
  action: string;
  args: JsonObject;
}) {
  const sent = line.tap.findRequest(stream, action, args)?.payload ?? { ...args, action, request_id: "why" };
  return (
    <Notice tone="bad" title={error.message}>
      {error instanceof APIError && <WhyRefused key={error.message} line={line} stream={stream} frame={sent} />}
    </Notice>
  );
}
