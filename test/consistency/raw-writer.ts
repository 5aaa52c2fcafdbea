import { DatabaseSync } from "@photostructure/sqlite";
import pg from "pg";

/** A second process on the same database that knows nothing of the server: `raw-writer.ts ENGINE URL`. Runs what it is sent, answers how it ended. */
const [engine = "", url = ""] = process.argv.slice(2);

/** SQL text of one transaction, BEGIN and COMMIT included. */
type Run = (sql: string) => Promise<void>;

const run = engine === "postgres" ? await onServer() : onFile();

process.on("message", (sql: string) => void answer(sql));
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

async function answer(sql: string): Promise<void> {
  try {
    await run(sql);
    process.send?.("done");
  } catch (error) {
    process.send?.(`refused: ${String(error)}`);
  }
}

function onFile(): Run {
  const database = new DatabaseSync(url, { timeout: 10_000 });
  database.exec("PRAGMA foreign_keys = ON");
  return async (sql) => {
    try {
      database.exec(sql);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  };
}

async function onServer(): Promise<Run> {
  const client = new pg.Client({ connectionString: url, application_name: "raw writer" });
  client.on("error", () => process.exit(1));
  await client.connect();
  return async (sql) => {
    try {
      await client.query(sql);
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  };
}
