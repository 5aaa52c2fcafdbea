import { parsePk } from "../../models/parse-pk.ts";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { pythonText } from "../python-text.ts";
import { Field } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypes, FieldTypesOf } from "./field-types.ts";
import type { PkOfQuerySet } from "./primary-key-related-field.ts";
import { RelatedField, type QuerySetOf, type RelatedFieldOptions } from "./related-field.ts";

export interface SlugRelatedFieldOptions extends RelatedFieldOptions {
  /** The column, unique in the other model, by which its rows are named. */
  readonly slugField: string;
}

type PkOf<O> = O extends { readonly queryset: infer R } ? PkOfQuerySet<QuerySetOf<R>> : number | string;

type SlugOf<O extends SlugRelatedFieldOptions> = O extends { readonly queryset: infer R }
  ? QuerySetOf<R> extends { readonly model: { readonly types: { readonly row: infer Row } } }
    ? Row[O["slugField"] & keyof Row]
    : unknown
  : unknown;

/** A row of another model, named by a unique column of it. Name it like the relation, or set `source` to the relation. */
export class SlugRelatedField<const O extends SlugRelatedFieldOptions = SlugRelatedFieldOptions> extends RelatedField {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    does_not_exist: "Object with {slug_name}={value} does not exist.",
    invalid: "Invalid value.",
  };
  declare readonly types: FieldTypesOf<O, PkOf<O>, SlugOf<O>> & FieldTypes;

  readonly slugField: string;

  constructor(options: O) {
    super(options);
    this.slugField = options.slugField;
    const known = this.related === null || typeof this.related === "function" || this.related.model.columns.has(this.slugField);
    if (!known) throw new ImproperlyConfigured(`SlugRelatedField: expected slugField to be a column, got "${this.slugField}".`);
  }

  override async resolve(values: readonly unknown[], scope: FieldScope): Promise<unknown[]> {
    const keys: unknown[] = [];
    for (const value of values) keys.push(await this.keyOf(value, scope));
    return keys;
  }

  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, this.slugField) : value;
  }

  private async keyOf(value: unknown, scope: FieldScope): Promise<unknown> {
    const queryset = await this.queryset(scope);
    const slug = typeof value === "boolean" ? undefined : parsePk(queryset.model, value, this.slugField);
    if (slug === undefined) this.fail("invalid");
    const row: object | null = await queryset.filterUntrusted({ [this.slugField]: slug }).first();
    if (row === null) return this.fail("does_not_exist", { slug_name: this.slugField, value: pythonText(value) });
    return Reflect.get(row, queryset.model.pk.name);
  }
}
