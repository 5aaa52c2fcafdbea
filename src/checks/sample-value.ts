import type { ColumnKind } from "../models/column-kind.ts";
import type { ModelColumn } from "../models/model-column.ts";

const SAMPLES: Readonly<Record<ColumnKind, unknown>> = {
  integer: 7,
  bigint: "7",
  float: 7.5,
  decimal: "7",
  string: "a",
  boolean: true,
  datetime: "2024-05-06T07:08:09Z",
  date: "2024-05-06",
  time: "07:08:09",
  uuid: "5e0c9d9e-7b0e-4c4e-9a53-2f6d1c0b7a11",
  json: null,
  binary: new Uint8Array([7]),
};

/** A value that a client could give to a filter: which one does not matter to how the database looks for it. */
export function sampleValue({ kind, choices }: ModelColumn, lookup: string): unknown {
  if (lookup === "isnull") return true;
  const one = choices?.[0] ?? SAMPLES[kind];
  if (lookup === "in") return [one];
  return lookup === "range" ? [one, one] : one;
}
