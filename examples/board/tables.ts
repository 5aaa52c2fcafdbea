import { index, integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { dateTime } from "restwave/sqlite";

export const STATUSES = ["todo", "doing", "done"] as const;
export const COLORS = ["violet", "blue", "teal", "green", "amber", "rose"] as const;

export const people = sqliteTable("person", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 50 }).notNull().unique(),
  name: text({ length: 100 }).notNull(),
  color: text({ enum: COLORS }).notNull(),
  password: text({ length: 128 }).notNull(),
});

export const projects = sqliteTable("project", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text({ length: 60 }).notNull(),
  color: text({ enum: COLORS }).notNull().default("blue"),
  ownerId: integer()
    .notNull()
    .references(() => people.id),
});

export const members = sqliteTable(
  "member",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    projectId: integer()
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    personId: integer()
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
  },
  (table) => [unique().on(table.projectId, table.personId), index("member_person").on(table.personId)],
);

export const tasks = sqliteTable(
  "task",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    projectId: integer()
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    title: text({ length: 200 }).notNull(),
    notes: text({ length: 5000 }).notNull().default(""),
    status: text({ enum: STATUSES }).notNull().default("todo"),
    assigneeId: integer().references(() => people.id, { onDelete: "set null" }),
    /** Where the task stands in its column: texts that sort by their characters, with room between any two (see page/place-task.ts). */
    position: text({ length: 200 }).notNull(),
    createdAt: dateTime().notNull(),
  },
  (table) => [index("task_place").on(table.projectId, table.status, table.position), index("task_assignee").on(table.assigneeId)],
);
