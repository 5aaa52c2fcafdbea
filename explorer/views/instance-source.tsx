import type { ResourceContract } from "restwave/contracts";
import { useLiveInstance, useRetrieve } from "restwave/react";
import { type ReactNode, useMemo } from "react";
import { actionOf } from "../contract/resource-shape.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";

type Lookup = string | number | Readonly<Record<string, string | number>>;

/** A row, wherever it came from. */
export interface ShownRow {
  readonly kind: "live" | "retrieved";
  /** null: it is gone; undefined: it is not there yet. */
  readonly row: JsonObject | null | undefined;
  readonly error: Error | null;
  readonly isOld: boolean;
  readonly refresh: () => void;
}

interface InstanceSourceProps {
  readonly line: Line;
  readonly stream: string | null;
  readonly lookup: Lookup;
  readonly children: (shown: ShownRow) => ReactNode;
}

/** How a row can be had; null: not at all. */
export function instanceKindOf(resource: ResourceContract): ShownRow["kind"] | null {
  if (actionOf(resource, "subscribe_instance") !== null) return "live";
  return actionOf(resource, "retrieve") === null ? null : "retrieved";
}

export function InstanceSource({ kind, ...props }: InstanceSourceProps & { kind: ShownRow["kind"] }) {
  return kind === "live" ? <LiveRow {...props} /> : <RetrievedRow {...props} />;
}

function LiveRow({ line, stream, lookup, children }: InstanceSourceProps) {
  const { data, error, status, retry } = useLiveInstance(line.resource(stream), lookup);
  return children({ kind: "live", row: data === null ? null : rowOf(data), error, isOld: status === "stale", refresh: retry });
}

function RetrievedRow({ line, stream, lookup, children }: InstanceSourceProps) {
  const resource = line.resource(stream);
  const retrieved = useMemo(
    () => ({ retrieve: (key: Lookup, options?: object): Promise<unknown> => resource["retrieve"]?.(key, options) }),
    [resource],
  );
  const { data, error, refetch } = useRetrieve(retrieved, lookup);
  return children({ kind: "retrieved", row: rowOf(data), error, isOld: false, refresh: refetch });
}

function rowOf(data: unknown): JsonObject | undefined {
  return isObject(data) ? data : undefined;
}
