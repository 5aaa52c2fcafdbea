import type { Table } from "drizzle-orm";
import type { ToJson } from "../models/to-json.ts";

type Columns<T extends Table> = T["_"]["columns"];

/** The property key of a table's primary key; never for a key that is declared apart from its column. */
type PkName<T extends Table> = {
  [K in keyof Columns<T>]: Columns<T>[K]["_"]["isPrimaryKey"] extends true ? K : never;
}[keyof Columns<T>];

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Any primary key in an answer. */
type UnknownKey = number | string;

type ShownKey<T extends Table, K, Out> = [K] extends [never]
  ? UnknownKey
  : K extends keyof Out
    ? Out[K]
    : K extends keyof Columns<T>
      ? ToJson<Columns<T>[K]["_"]["data"]>
      : never;

/** The primary key of a queryset's rows as clients get it: as the answers `Out` show it, or else as JSON holds its column. */
export type KeyOf<Q, Out> = Q extends { readonly model: { readonly table: infer T extends Table } }
  ? IsAny<T> extends true
    ? UnknownKey
    : ShownKey<T, PkName<T>, Out>
  : UnknownKey;
