import type { Table } from "drizzle-orm";
import { parsePk } from "../../models/parse-pk.ts";
import type { AnyModel } from "../../models/model.ts";
import type { AnyQuerySet } from "../../models/queryset.ts";
import { pythonText, pythonTypeName } from "../python-text.ts";
import { Field } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { RelatedField, type QuerySetOf, type RelatedFieldOptions } from "./related-field.ts";

/** The type of a table's primary key. */
export type PkOfTable<T extends Table> = {
  [K in keyof T["_"]["columns"]]: T["_"]["columns"][K]["_"]["isPrimaryKey"] extends true
    ? T["_"]["columns"][K]["_"]["data"]
    : never;
}[keyof T["_"]["columns"]];

/** The primary key type of a queryset's rows; unknown rows have number or string keys. */
export type PkOfQuerySet<Q> = Q extends { readonly model: { readonly table: infer T extends Table } }
  ? PkOfTable<T>
  : number | string;

type PkOf<O> = O extends { readonly queryset: infer R } ? PkOfQuerySet<QuerySetOf<R>> : number | string;

/** A row of another model, named by its primary key. */
export class PrimaryKeyRelatedField<const O extends RelatedFieldOptions = RelatedFieldOptions> extends RelatedField {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    does_not_exist: 'Invalid pk "{pk_value}" - object does not exist.',
    incorrect_type: "Incorrect type. Expected pk value, received {data_type}.",
  };
  declare readonly types: FieldTypesOf<O, PkOf<O>>;

  constructor(options: O) {
    super(options);
  }

  override async resolve(values: readonly unknown[], scope: FieldScope): Promise<unknown[]> {
    const queryset = await this.queryset(scope);
    const keys = values.map((value) => this.parse(queryset.model, value));
    const known = await existingKeys(queryset, keys);
    const missing = keys.findIndex((key) => !known.has(key));
    if (missing >= 0) this.fail("does_not_exist", { pk_value: pythonText(values[missing]) });
    return keys;
  }

  /** A key as it stands in the foreign key column, or the key of a row that a relation gave. */
  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    return typeof value === "object" && value !== null ? this.keyOf(value) : value;
  }

  private keyOf(row: object): unknown {
    const name = this.related === null || typeof this.related === "function" ? "id" : this.related.model.pk.name;
    return Reflect.get(row, name);
  }

  private parse(model: AnyModel, value: unknown): unknown {
    if (typeof value === "boolean" || typeof value === "object")
      this.fail("incorrect_type", { data_type: pythonTypeName(value) });
    const key = parsePk(model, value);
    if (key !== undefined) return key;
    // A number beyond the column's range is a key that no row has.
    if (typeof value !== "string") this.fail("does_not_exist", { pk_value: pythonText(value) });
    return this.fail("incorrect_type", { data_type: "str" });
  }
}

/** Databases limit how many values one statement may carry. */
const CHUNK = 500;

async function existingKeys(queryset: AnyQuerySet, keys: readonly unknown[]): Promise<ReadonlySet<unknown>> {
  const { pk } = queryset.model;
  const wanted = [...new Set(keys)];
  const found = new Set<unknown>();
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const rows: readonly object[] = await queryset
      .filterUntrusted({ [`${pk.name}__in`]: wanted.slice(start, start + CHUNK) })
      .toArray();
    for (const row of rows) found.add(Reflect.get(row, pk.name));
  }
  return found;
}
