import { afterAll } from "vitest";
import type { Routes } from "../../src/routing/route.ts";
import { temporaryFolder } from "../models/temporary-folder.ts";

/** The routing tables of the examples, each over a new database that is removed after the file's tests. */
export async function quickstart() {
  const loaded = await overNewDatabase(() => import("../../examples/quickstart/models.ts"));
  const { websocketUrlPatterns } = await import("../../examples/quickstart/routing.ts");
  return { routes: websocketUrlPatterns, User: loaded.User };
}

export async function board(): Promise<Routes> {
  await overNewDatabase(() => import("../../examples/board/models.ts"));
  return (await import("../../examples/board/routing.ts")).routes;
}

async function overNewDatabase<T extends { readonly db: { close(): Promise<void> } }>(load: () => Promise<T>): Promise<T> {
  const folder = temporaryFolder();
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = folder.path("example.db");
  const loaded = await load();
  process.env.DATABASE_URL = before;
  if (before === undefined) delete process.env.DATABASE_URL;
  afterAll(async () => {
    await loaded.db.close();
    folder.remove();
  });
  return loaded;
}
