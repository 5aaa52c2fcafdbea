import type { InferSelectModel, Table } from "drizzle-orm";
import type { AnyModel } from "../models/model.ts";
import type { BelongsTo, ManyToMany, Relations } from "../models/relations.ts";
import type { PkOfTable } from "./fields/primary-key-related-field.ts";
import type { ExtraKwargs } from "./model-serializer-options.ts";
import type { FieldRecord, InOf, OutOf, ValidatedOf } from "./serializer-types.ts";
import type { ToJson } from "../models/to-json.ts";

type ColumnName<T extends Table> = keyof InferSelectModel<T> & string;
type RelationName<R extends Relations> = string extends keyof R ? never : keyof R & string;

export type KwargsRecord = Readonly<Record<string, ExtraKwargs>>;

/** What `fields` may list. */
export type ListableName<T extends Table, R extends Relations, D extends FieldRecord, K extends KwargsRecord> =
  | ColumnName<T>
  | RelationName<R>
  | (keyof D & string)
  | { [N in keyof K & string]: K[N] extends { readonly source: string } ? N : never }[keyof K & string];

type ToManyName<R extends Relations> = { [N in RelationName<R>]: R[N] extends ManyToMany ? N : never }[RelationName<R>];

/** The names of the fields: those listed, or all but the excluded ones. */
export type FieldName<
  T extends Table,
  R extends Relations,
  F,
  X extends string,
  D extends FieldRecord,
> = F extends readonly (infer N extends string)[] ? N : Exclude<ColumnName<T> | ToManyName<R> | (keyof D & string), X>;

/** Everything that decides a model serializer's types. */
export interface ModelSetup {
  readonly table: Table;
  readonly relations: Relations;
  readonly names: string;
  readonly kwargs: KwargsRecord;
  readonly readOnly: string;
  readonly declared: FieldRecord;
}

type KwargsOf<S extends ModelSetup, N extends string> = N extends keyof S["kwargs"] ? S["kwargs"][N] : Record<never, never>;
type SourceOf<S extends ModelSetup, N extends string> =
  KwargsOf<S, N> extends { readonly source: infer Source extends string } ? Source : N;

/** Names of the fields that are made from the model. */
type DerivedName<S extends ModelSetup> = Exclude<S["names"], keyof S["declared"]>;

type Columns<S extends ModelSetup> = S["table"]["_"]["columns"];
type Row<S extends ModelSetup> = InferSelectModel<S["table"]>;

/** Keys that the database makes: in answers, not in input. */
type MadeKey<T extends Table> = {
  [C in keyof T["_"]["columns"]]: T["_"]["columns"][C]["_"] extends { isPrimaryKey: true; hasDefault: true } ? C : never;
}[keyof T["_"]["columns"]];

type IsReadOnly<S extends ModelSetup, N extends string> = N extends S["readOnly"]
  ? true
  : KwargsOf<S, N> extends { readonly readOnly: infer Flag }
    ? Flag
    : SourceOf<S, N> extends MadeKey<S["table"]>
      ? true
      : SourceOf<S, N> extends keyof Columns<S>
        ? Columns<S>[SourceOf<S, N>]["_"] extends { generated: undefined }
          ? false
          : true
        : SourceOf<S, N> extends RelationName<S["relations"]>
          ? false
          : true;

type OutName<S extends ModelSetup> = {
  [N in DerivedName<S>]: KwargsOf<S, N> extends { readonly writeOnly: true } ? never : N;
}[DerivedName<S>];

type InName<S extends ModelSetup> = { [N in DerivedName<S>]: IsReadOnly<S, N> extends true ? never : N }[DerivedName<S>];

type OrNull<S extends ModelSetup, N extends string, Value> =
  KwargsOf<S, N> extends { readonly allowNull: true } ? Value | null : Value;

/** The column of a foreign key, by its relation's name; unknown where the relation's type does not say. */
type KeyColumn<S extends ModelSetup, N extends string> =
  N extends RelationName<S["relations"]>
    ? S["relations"][N] extends BelongsTo<AnyModel, infer C>
      ? C extends keyof Columns<S> & string
        ? C
        : never
      : never
    : never;

type RelatedKey<R> =
  R extends ManyToMany<infer M> ? PkOfTable<M["table"]>[] : R extends BelongsTo<infer M> ? PkOfTable<M["table"]> : never;

/** The column that a field reads and writes: a relation's name stands for its foreign key. */
type ColumnOf<S extends ModelSetup, N extends string> = [KeyColumn<S, SourceOf<S, N>>] extends [never]
  ? SourceOf<S, N>
  : KeyColumn<S, SourceOf<S, N>>;

type RowValue<S extends ModelSetup, N extends string> =
  ColumnOf<S, N> extends keyof Row<S>
    ? Row<S>[ColumnOf<S, N>]
    : SourceOf<S, N> extends RelationName<S["relations"]>
      ? RelatedKey<S["relations"][SourceOf<S, N>]>
      : unknown;

type IsOptional<S extends ModelSetup, N extends string> =
  KwargsOf<S, N> extends { readonly required: false } | { readonly default: unknown }
    ? true
    : KwargsOf<S, N> extends { readonly required: true }
      ? false
      : ColumnOf<S, N> extends keyof Columns<S>
        ? Columns<S>[ColumnOf<S, N>]["_"] extends { notNull: true; hasDefault: false }
          ? false
          : true
        : SourceOf<S, N> extends ToManyName<S["relations"]>
          ? true
          : false;

type RequiredName<S extends ModelSetup> = { [N in InName<S>]: IsOptional<S, N> extends true ? never : N }[InName<S>];

type Simplify<T> = { [K in keyof T]: T[K] };

type ListedDeclared<S extends ModelSetup> = Pick<S["declared"], keyof S["declared"] & S["names"]>;

/** What answers hold: columns as JSON, without write-only fields. */
export type ModelOut<S extends ModelSetup> = Simplify<
  { [N in OutName<S>]: OrNull<S, N, ToJson<RowValue<S, N>>> } & OutOf<ListedDeclared<S>>
>;

/** What a client sends: without read-only fields; those with a default or null may be left out. */
export type ModelIn<S extends ModelSetup> = Simplify<
  { [N in RequiredName<S>]: OrNull<S, N, ToJson<RowValue<S, N>>> } & {
    [N in Exclude<InName<S>, RequiredName<S>>]?: OrNull<S, N, ToJson<RowValue<S, N>>>;
  } & InOf<ListedDeclared<S>>
>;

/** What `create` and `update` get: columns as rows hold them, under their sources, foreign keys under their columns. */
export type ModelValidated<S extends ModelSetup> = Simplify<
  { [N in S["names"] as N extends RequiredName<S> ? ColumnOf<S, N> : never]: RowValue<S, N> } & {
    [N in S["names"] as N extends Exclude<InName<S>, RequiredName<S>> ? ColumnOf<S, N> : never]?: RowValue<S, N>;
  } & ValidatedOf<ListedDeclared<S>>
>;

/** Refuses what names no field: TypeScript lets a type parameter have more keys than its constraint. */
export interface KwargsCheck<Names extends string, K> {
  readonly extraKwargs?: {
    readonly [N in keyof K]: N extends Names ? { readonly [O in Exclude<keyof K[N], keyof ExtraKwargs>]: never } : never;
  };
}
