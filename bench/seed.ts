import { DatabaseSync } from "@photostructure/sqlite";
import { ROWS } from "./scenarios.ts";

/** The tables that both servers have, each in a file of its own, and how many rows they start with. */
export const tables = { users: ROWS, ten: 10, hundred: 100, created: 0 } as const;

/** Makes the file that a server works on. */
export function seed(filename: string): void {
  const db = new DatabaseSync(filename);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  for (const [table, rows] of Object.entries(tables)) {
    db.exec(
      `CREATE TABLE "${table}" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "username" text(150) NOT NULL UNIQUE, "email" text(254) DEFAULT '' NOT NULL)`,
    );
    const insert = db.prepare(`INSERT INTO "${table}" ("username", "email") VALUES (?, ?)`);
    db.exec("BEGIN");
    for (let id = 1; id <= rows; id += 1) insert.run(`test ${id}`, `${id}@example.com`);
    db.exec("COMMIT");
  }
  db.close();
}
