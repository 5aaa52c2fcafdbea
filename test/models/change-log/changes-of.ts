import type { CommittedTransaction } from "../../../src/models/change-log/change.ts";
import type { Database } from "../../../src/models/database.ts";

/** What `run` committed, by whomever, as one who stood before it reads it. */
export async function changesOf(database: Database, run: () => Promise<unknown>): Promise<readonly CommittedTransaction[]> {
  const before = await database.changes.position();
  await run();
  const missed = await database.changes.since(before);
  if (missed === null) throw new TypeError("Expected the log to tell what was committed, it gave null.");
  return missed;
}
