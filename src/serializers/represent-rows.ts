import type { AnyModel } from "../models/model.ts";
import type { CompiledFields, ReadableField } from "./compiled-fields.ts";
import type { FieldScope } from "./fields/field-scope.ts";
import { SKIP } from "./fields/outcome.ts";
import { relatedValues } from "./related-values.ts";
import { absentValue } from "./row-reader.ts";

/** The fields of a row as they are sent. */
export type Representation = Record<string, unknown>;

/** What batched fields show, by field and row: made for many rows at once, with one query per relation. */
export type BatchedValues = ReadonlyMap<ReadableField, ReadonlyMap<object, unknown>>;

const NO_BATCHES: BatchedValues = new Map();

/** Asks the database for what these rows show of others. */
export async function batchValues(
  { batched }: CompiledFields,
  rows: readonly object[],
  serializer: FieldScope,
  model: AnyModel | null,
): Promise<BatchedValues> {
  if (batched.length === 0) return NO_BATCHES;
  const batches = new Map<ReadableField, ReadonlyMap<object, unknown>>();
  for (const readable of batched) {
    const values = await relatedValues(rows, readable, model);
    const represented = await readable.field.representMany(values, serializer);
    const shown = represented.map((value, index) =>
      values[index] === undefined ? absentValue(readable.name, readable.field, serializer) : value,
    );
    batches.set(readable, new Map(rows.map((row, index) => [row, shown[index]])));
  }
  return batches;
}

/** One row. A promise only when a field is async. */
export function representRow(
  fields: CompiledFields,
  row: object,
  serializer: FieldScope,
  batches: BatchedValues = NO_BATCHES,
): Representation | Promise<Representation> {
  const pending: Pending[] = [];
  const representation = build(fields, row, serializer, batches, pending);
  return pending.length === 0 ? representation : settle(pending).then(() => representation);
}

/** Many rows. */
export async function representRows(
  fields: CompiledFields,
  rows: readonly object[],
  serializer: FieldScope,
  batches: BatchedValues,
): Promise<Representation[]> {
  const pending: Pending[] = [];
  const represented = rows.map((row) => build(fields, row, serializer, batches, pending));
  if (pending.length > 0) await settle(pending);
  return represented;
}

interface Pending {
  readonly into: Representation;
  readonly name: string;
  readonly value: Promise<unknown>;
}

function build(
  { readable }: CompiledFields,
  row: object,
  serializer: FieldScope,
  batches: BatchedValues,
  pending: Pending[],
): Representation {
  const into: Representation = {};
  for (const field of readable) {
    const value = field.read === null ? batches.get(field)?.get(row) : field.read(row, serializer);
    if (value === SKIP) continue;
    // A promise holds the key's place, so that the order of fields stays.
    into[field.name] = value;
    if (value instanceof Promise) pending.push({ into, name: field.name, value });
  }
  return into;
}

async function settle(pending: readonly Pending[]): Promise<void> {
  await Promise.all(
    pending.map(async ({ into, name, value }) => {
      into[name] = await value;
    }),
  );
}
