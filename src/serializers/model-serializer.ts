import type { InferSelectModel, Table } from "drizzle-orm";
import type { AnyModel, Model } from "../models/model.ts";
import type { Relations } from "../models/relations.ts";
import { BaseModelSerializer } from "./base-model-serializer.ts";
import type { SerializerClass } from "./base-serializer.ts";
import { declareModelSerializer } from "./declare-model-serializer.ts";
import type {
  FieldName,
  KwargsCheck,
  KwargsRecord,
  ListableName,
  ModelIn,
  ModelOut,
  ModelSetup,
  ModelValidated,
} from "./model-serializer-types.ts";
import type { ModelSerializerSetup } from "./model-serializer-options.ts";
import type { Validator } from "./validators/validator.ts";
import type { FieldRecord } from "./serializer-types.ts";
import type { NoOptions } from "./fields/field-types.ts";

/** A serializer of a model's rows. */
export type ModelSerializerOf<S extends ModelSetup> = BaseModelSerializer<
  InferSelectModel<S["table"]>,
  ModelOut<S>,
  ModelIn<S>,
  ModelValidated<S>
>;

/** The options of {@link ModelSerializer}; each name is checked against the model by the compiler and again when the class is made. */
export interface ModelSerializerOptions<F, X, K, D, RO> {
  /** Names of columns, relations and declared fields, in the order of answers; or `"__all__"`: all columns and to-many relations. */
  readonly fields?: F;
  /** All but these. */
  readonly exclude?: X;
  readonly extraKwargs?: K;
  /** Fields that are written out, in place of those made from columns or besides them. */
  readonly declaredFields?: D;
  /** Short for `readOnly: true` in `extraKwargs`. */
  readonly readOnlyFields?: RO;
  /** Checks of the whole object. Default: those for columns that are unique together. */
  readonly validators?: readonly Validator[];
}

/**
 * Makes a serializer class from a model: each column becomes the field that fits its type, length, default, null and uniqueness.
 *
 * ```ts
 * class UserSerializer extends ModelSerializer(User, {
 *   fields: ["id", "username", "email", "password"],
 *   extraKwargs: { password: { writeOnly: true } },
 * }) {}
 * ```
 *
 * A key that the database makes is read-only; `extraKwargs: { id: { readOnly: false, required: false } }` lets clients choose it. A foreign key
 * with a `belongsTo` relation must name a row that exists; a `manyToMany` relation is a list of primary keys.
 *
 * @throws ImproperlyConfigured for unknown names and for options that contradict each other.
 */
export function ModelSerializer<
  T extends Table,
  R extends Relations,
  const F extends "__all__" | readonly ListableName<T, R, D, K>[] = "__all__",
  const X extends readonly ListableName<T, R, D, K>[] = [],
  const K extends KwargsRecord = KwargsRecord,
  const D extends FieldRecord = NoOptions,
  const RO extends readonly FieldName<T, R, F, X[number], D>[] = [],
>(
  model: Model<T, R>,
  options: ModelSerializerOptions<F, X, K, D, RO> & KwargsCheck<FieldName<T, R, F, X[number], D>, K>,
): SerializerClass<
  ModelSerializerOf<{
    table: T;
    relations: R;
    names: FieldName<T, R, F, X[number], D>;
    kwargs: K;
    readOnly: RO[number];
    declared: D;
  }>
>;
export function ModelSerializer(model: AnyModel, setup: ModelSerializerSetup): object {
  const declared = declareModelSerializer(model, setup);
  return class extends BaseModelSerializer<object, object, object> {
    static override readonly declaration = declared;
  };
}
