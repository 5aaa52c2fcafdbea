import type { AnyQuerySet } from "../../models/queryset.ts";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import type { FieldScope } from "./field-scope.ts";
import { Field, type FieldOptions, type MaybePromise } from "./field.ts";

/** The rows that may be named, or a function that finds them, for example those that the user of `scope.context` owns. */
export type RelatedRows<Q extends AnyQuerySet = AnyQuerySet> = Q | ((scope: FieldScope) => MaybePromise<Q>);

/** The querysets themselves, from either form of `RelatedRows`. */
export type QuerySetOf<R> = R extends (scope: FieldScope) => MaybePromise<infer Q> ? Q : R;

export interface RelatedFieldOptions extends FieldOptions {
  /** The rows that a client may name. Needed unless the field is read-only. */
  readonly queryset?: RelatedRows;
}

/** A field whose client value names a row of another model. The validated value is that row's primary key. */
export abstract class RelatedField extends Field {
  readonly related: RelatedRows | null;

  constructor(options: RelatedFieldOptions) {
    super(options);
    this.related = options.queryset ?? null;
    if (this.related === null && !this.readOnly) {
      throw new ImproperlyConfigured(`${new.target.name}: expected a queryset of the rows that may be named, or readOnly: true.`);
    }
  }

  /** The primary keys of the rows that the client's values name. @throws ValidationError for the first that names none. */
  abstract resolve(values: readonly unknown[], scope: FieldScope): Promise<unknown[]>;

  override async toInternalValue(data: unknown, scope: FieldScope): Promise<unknown> {
    const [key] = await this.resolve([data], scope);
    return key;
  }

  /** An empty text means null, as in DRF: forms send it. */
  override runValidation(data: unknown, scope: FieldScope): unknown {
    return super.runValidation(data === "" ? null : data, scope);
  }

  protected async queryset(scope: FieldScope): Promise<AnyQuerySet> {
    if (this.related === null)
      throw new ImproperlyConfigured(`${this.constructor.name}: a read-only field has no rows to choose from.`);
    return typeof this.related === "function" ? this.related(scope) : this.related;
  }
}
