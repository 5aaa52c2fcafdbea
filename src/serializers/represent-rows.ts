import type { AnyModel } from "../models/model.ts";
import type { CompiledFields, ReadableField } from "./compiled-fields.ts";
import type { FieldScope } from "./fields/field-scope.ts";
import { SKIP } from "./fields/outcome.ts";
import { relatedValues } from "./related-values.ts";
import { absentValue } from "./row-reader.ts";

/** The fields of a row as they are sent. */
export type Representation = Record<string, unknown>;

/** One row. A promise only when a field has to ask the database or is async itself. */
export function representRow(fields: CompiledFields, row: object, serializer: FieldScope, model: AnyModel | null): Representation | Promise<Representation> {
  if (fields.batched.length > 0) return representOne(fields, row, serializer, model);
  const pending: Pending[] = [];
  const representation = build(fields, row, serializer, NO_BATCHES, 0, pending);
  return pending.length === 0 ? representation : settle(pending).then(() => representation);
}

/** Many rows, with one query per relation, not per row. */
export async function representRows(
  fields: CompiledFields,
  rows: readonly object[],
  serializer: FieldScope,
  model: AnyModel | null,
): Promise<Representation[]> {
  const batches: Batches = new Map();
  for (const readable of fields.batched) {
    const values = await relatedValues(rows, readable, model);
    const represented = await readable.field.representMany(values, serializer);
    batches.set(readable, represented.map((value, index) => (values[index] === undefined ? absentValue(readable.name, readable.field, serializer) : value)));
  }
  const pending: Pending[] = [];
  const represented = rows.map((row, index) => build(fields, row, serializer, batches, index, pending));
  if (pending.length > 0) await settle(pending);
  return represented;
}

/** Of each batched field, its values in the order of the rows. */
type Batches = Map<ReadableField, readonly unknown[]>;

interface Pending {
  readonly into: Representation;
  readonly name: string;
  readonly value: Promise<unknown>;
}

const NO_BATCHES: Batches = new Map();

async function representOne(fields: CompiledFields, row: object, serializer: FieldScope, model: AnyModel | null): Promise<Representation> {
  const [representation] = await representRows(fields, [row], serializer, model);
  return representation ?? {};
}

function build(
  { readable }: CompiledFields,
  row: object,
  serializer: FieldScope,
  batches: Batches,
  index: number,
  pending: Pending[],
): Representation {
  const into: Representation = {};
  for (const one of readable) {
    const value = one.read === null ? batches.get(one)?.[index] : one.read(row, serializer);
    if (value === SKIP) continue;
    // A promise holds the key's place, so that the order of fields stays.
    into[one.name] = value;
    if (value instanceof Promise) pending.push({ into, name: one.name, value });
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
