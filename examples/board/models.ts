import { join } from "node:path";
import { belongsTo } from "restwave";
import { openSqlite } from "restwave/sqlite";
import { members, people, projects, tasks } from "./tables.ts";

/** The file is looked for where the server is started; the migrations lie beside this module, wherever that is. */
export const db = await openSqlite(process.env.DATABASE_URL ?? "board.db", {
  migrationsFolder: join(import.meta.dirname, "migrations"),
});

export const Person = db.model(people);
export const Project = db.model(projects, { relations: { owner: belongsTo(() => Person, "ownerId") } });
export const Member = db.model(members, {
  relations: { project: belongsTo(() => Project, "projectId"), person: belongsTo(() => Person, "personId") },
});
export const Task = db.model(tasks, {
  relations: { project: belongsTo(() => Project, "projectId"), assignee: belongsTo(() => Person, "assigneeId") },
});
