import type { ResourceContract } from "restwave/contracts";
import { useList, useLiveList, useStream } from "restwave/react";
import { type ReactNode, useCallback, useMemo } from "react";
import { actionOf, propertiesOf, type Schemas } from "../contract/resource-shape.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";

/** Rows, wherever they came from. */
export interface ShownRows {
  readonly kind: "live" | "listed" | "streamed";
  /** Undefined: there are none yet. */
  readonly rows: readonly JsonObject[] | undefined;
  readonly page: JsonObject | null;
  readonly error: Error | null;
  readonly isLoading: boolean;
  /** They are of before: of other arguments, or of before the connection broke. */
  readonly isOld: boolean;
  readonly refresh: () => void;
}

interface RowSourceProps {
  readonly line: Line;
  readonly stream: string | null;
  readonly args: JsonObject;
  readonly children: (shown: ShownRows) => ReactNode;
}

/** How the rows of a resource can be had with these arguments; null: not at all. */
export function sourceKindOf(resource: ResourceContract, args: JsonObject, schemas: Schemas): ShownRows["kind"] | null {
  const subscribe = actionOf(resource, "subscribe_list");
  const list = resource.actions.find(({ name }) => name === "list") ?? null;
  const isLive = subscribe !== null && Object.keys(args).every((name) => name in propertiesOf(subscribe.input, schemas));
  if (isLive) return "live";
  if (list === null) return null;
  return list.kind === "streaming" ? "streamed" : "listed";
}

export function RowSource({ kind, ...props }: RowSourceProps & { kind: ShownRows["kind"] }) {
  if (kind === "live") return <LiveRows {...props} />;
  return kind === "listed" ? <ListedRows {...props} /> : <StreamedRows {...props} />;
}

function LiveRows({ line, stream, args, children }: RowSourceProps) {
  const { data, page, error, status, isPrevious, retry } = useLiveList(line.resource(stream), args, { keepPrevious: true });
  return children({
    kind: "live",
    rows: data,
    page,
    error,
    isLoading: status === "loading",
    isOld: isPrevious || status === "stale",
    refresh: retry,
  });
}

function ListedRows({ line, stream, args, children }: RowSourceProps) {
  const resource = line.resource(stream);
  const listed = useMemo(
    () => ({ list: (given?: JsonObject, options?: object): Promise<unknown> => resource["call"]?.("list", given, options) }),
    [resource],
  );
  const { data, error, pending, isPrevious, refetch } = useList(listed, args, { keepPrevious: true });
  const { rows, page } = rowsOf(data);
  return children({ kind: "listed", rows, page, error, isLoading: pending, isOld: isPrevious, refresh: refetch });
}

function StreamedRows({ line, stream, args, children }: RowSourceProps) {
  const resource = line.resource(stream);
  const call = useCallback(
    (given: JsonObject, options?: object): AsyncGenerator<unknown, unknown, void> => resource["call"]?.("list", given, options),
    [resource],
  );
  const { items, status, error, restart } = useStream(call, args);
  const rows = items.flatMap((item) => rowsOf(item).rows ?? []);
  const isLoading = status === "streaming" || status === "idle";
  return children({
    kind: "streamed",
    rows: isLoading && rows.length === 0 ? undefined : rows,
    page: null,
    error,
    isLoading,
    isOld: false,
    refresh: restart,
  });
}

function rowsOf(answer: unknown): { readonly rows: readonly JsonObject[] | undefined; readonly page: JsonObject | null } {
  if (Array.isArray(answer)) return { rows: answer.filter(isObject), page: null };
  if (!isObject(answer) || !Array.isArray(answer["results"])) return { rows: undefined, page: null };
  const { results, ...page } = answer;
  return { rows: Array.isArray(results) ? results.filter(isObject) : [], page };
}
