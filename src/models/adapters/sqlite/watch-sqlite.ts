import type { SqliteConnection } from "./sqlite-connection.ts";

/**
 * Looks at short intervals whether another connection has committed, and whether somebody has changed the schema: a migration of another process
 * may have taken the triggers with it. @returns a function that ends it.
 */
export function watchSqlite(
  openReader: () => SqliteConnection,
  interval: number,
  onNews: () => void,
  onNewSchema: () => Promise<void>,
): () => void {
  const connection = openReader();
  const versionOf = (pragma: string): unknown => connection.first(`PRAGMA ${pragma}`, [])?.[0];
  let [data, schema] = [versionOf("data_version"), versionOf("schema_version")];
  let repairing = false;
  const look = (): void => {
    const present = versionOf("data_version");
    if (present === data) return;
    data = present;
    onNews();
    const presentSchema = versionOf("schema_version");
    if (presentSchema === schema || repairing) return;
    repairing = true;
    void onNewSchema()
      .then(() => {
        schema = presentSchema;
      })
      .catch(() => undefined)
      .finally(() => {
        repairing = false;
      });
  };
  const timer = setInterval(() => attempt(look), interval).unref();
  return () => {
    clearInterval(timer);
    connection.close();
  };
}

/** A look that fails is followed by the next one. */
function attempt(look: () => void): void {
  try {
    look();
  } catch {
    return;
  }
}
