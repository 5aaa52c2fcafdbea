import type { StoredTable } from "../models/catalog.ts";
import type { Database } from "../models/database.ts";
import { type AnyModel, Model } from "../models/model.ts";
import type { Relations } from "../models/relations.ts";

/** From so many rows on, reading all of them is felt. */
export const MANY_ROWS = 10_000;

/** What the database has of the models that were asked for. Null: no table. */
export type StoredTables = ReadonlyMap<AnyModel, StoredTable | null>;

/** Reads the tables of a database's models, and those that join them. @throws what the database throws. */
export async function readTables(database: Database): Promise<StoredTables> {
  const tables = new Map<AnyModel, StoredTable | null>();
  for (const model of withJoinTables(database)) tables.set(model, await database.catalog.table(model, MANY_ROWS + 1));
  return tables;
}

function withJoinTables(database: Database): readonly AnyModel[] {
  const models: AnyModel[] = [...database.models];
  for (const { relations } of database.models) {
    const declared: Relations = relations;
    for (const relation of Object.values(declared)) {
      if (relation.type !== "manyToMany" || models.some(({ table }) => table === relation.through)) continue;
      models.push(new Model(database, relation.through));
    }
  }
  return models;
}
