import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

// After a change here: npm run migration. The server applies what is new in ./migrations when it starts.
export const tasks = sqliteTable(
  "task",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    title: text({ length: 200 }).notNull(),
    done: integer({ mode: "boolean" }).notNull().default(false),
    createdAt: integer({ mode: "timestamp_ms" })
      .notNull()
      .$defaultFn(() => new Date()),
  },
  (table) => [index("task_createdAt_idx").on(table.createdAt)],
);
