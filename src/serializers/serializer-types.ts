import type { Field } from "./fields/field.ts";
import type { FieldTypes, NoOptions } from "./fields/field-types.ts";

/** Fields by name, as they are handed to `Serializer(...)`. */
export type FieldRecord = Readonly<Record<string, Field>>;

type TypesOfField<F extends Field> = F["types"] & FieldTypes;
type OptionsOf<F extends Field> = F["types"] extends { readonly options: infer O } ? O : NoOptions;

type Simplify<T> = { [K in keyof T]: T[K] };

/** Names of the fields that a client sends. */
export type WritableName<F extends FieldRecord> = {
  [N in keyof F & string]: OptionsOf<F[N]> extends { readonly readOnly: true }
    ? never
    : TypesOfField<F[N]>["in"] extends never
      ? never
      : N;
}[keyof F & string];

/** Names of the fields that are in answers. */
export type ReadableName<F extends FieldRecord> = {
  [N in keyof F & string]: OptionsOf<F[N]> extends { readonly writeOnly: true } ? never : N;
}[keyof F & string];

type OptionalName<F extends FieldRecord> = {
  [N in keyof F & string]: OptionsOf<F[N]> extends { readonly required: false } | { readonly default: unknown } ? N : never;
}[keyof F & string];

/** Fields that may be missing from the validated data: those without a default that need not be sent. */
type AbsentName<F extends FieldRecord> = {
  [N in keyof F & string]: OptionsOf<F[N]> extends { readonly default: unknown }
    ? never
    : OptionsOf<F[N]> extends { readonly required: false }
      ? N
      : never;
}[keyof F & string];

type ValidatedName<F extends FieldRecord> = {
  [N in keyof F & string]: OptionsOf<F[N]> extends { readonly readOnly: true } ? never : N;
}[keyof F & string];

/** The key of a field in the validated data: its source where it names one. */
type TargetOf<F extends FieldRecord, N extends keyof F & string> =
  OptionsOf<F[N]> extends { readonly source: infer S extends string } ? (S extends "*" | `${string}.${string}` ? never : S) : N;

/** What a client sends: `new CharField({ required: false })` under `note` gives `note?: string`. */
export type InOf<F extends FieldRecord> = Simplify<
  { [N in Exclude<WritableName<F>, OptionalName<F>>]: TypesOfField<F[N]>["in"] } & {
    [N in Extract<WritableName<F>, OptionalName<F>>]?: TypesOfField<F[N]>["in"];
  }
>;

/** What answers hold. */
export type OutOf<F extends FieldRecord> = { [N in ReadableName<F>]: TypesOfField<F[N]>["out"] };

/** What `create` and `update` get. */
export type ValidatedOf<F extends FieldRecord> = Simplify<
  {
    [N in keyof F & string as N extends Exclude<ValidatedName<F>, AbsentName<F>> ? TargetOf<F, N> : never]: TypesOfField<
      F[N]
    >["internal"];
  } & {
    [N in keyof F & string as N extends Extract<ValidatedName<F>, AbsentName<F>> ? TargetOf<F, N> : never]?: TypesOfField<
      F[N]
    >["internal"];
  }
>;
