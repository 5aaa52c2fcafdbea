import { join } from "node:path";
import { openSqlite } from "restwave/sqlite";
import { tasks } from "./tables.ts";

export const db = await openSqlite(process.env.DATABASE_URL ?? "tasks.db", {
  migrationsFolder: join(import.meta.dirname, "migrations"),
});

export const Task = db.model(tasks);
