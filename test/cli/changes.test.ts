import { writeFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/sqlite.ts";
import { temporaryFolder } from "../models/temporary-folder.ts";
import { restwave } from "./run-command.ts";

const APPLICATION = new URL("application.ts", import.meta.url).pathname;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  // A module is loaded once in a process: each test has its own.
  vi.resetModules();
});
afterEach(() => {
  delete process.env.DATABASE_URL;
  folder.remove();
});

describe("restwave", () => {
  test("tells what it can do when asked, or when given nothing", async () => {
    for (const args of [[], ["--help"], ["-h"], ["help"]]) {
      expect(await restwave(...args)).toMatchObject({ code: 0, out: expect.stringContaining("changes"), err: "" });
    }
    expect(await restwave("changes", "--help")).toMatchObject({ code: 0, out: expect.stringContaining("--apply") });
  });

  test.each([
    [["nonsense"], 'got "nonsense"'],
    [["changes"], "Cannot find the module that exports your routes"],
    [["changes", "a.js", "b.js"], 'Expected no argument "b.js"'],
    [["changes", "--wrong", "a.js"], "--wrong"],
    [["changes", "--print", "--apply", "a.js"], "got both"],
    [["changes", "missing.js"], "does not exist"],
  ])("refuses %j with exit code 2 and says why", async (args, reason) => {
    expect(await restwave(...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(reason) });
  });
});

describe("restwave changes", () => {
  test("prints SQL that puts the log in place, without what clients may only write", async () => {
    const file = folder.path("printed.db");
    const { code, out, err } = await restwave("changes", "--models", "AppUser", "--database", file, APPLICATION);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain('CREATE TRIGGER "restwave_insert_app_user"');
    expect(out).not.toContain("password");
    expect(out).not.toContain('"team"');
  });

  test("applies it", async () => {
    const file = folder.path("applied.db");
    const { code, out, err } = await restwave("changes", "--models", "all", "--apply", "--database", file, APPLICATION);
    expect({ code, out, err }).toEqual({ code: 0, out: "The change log is in place for AppUser, Team.\n", err: "" });
    const database = await openSqlite(file);
    await database.execute(sql`INSERT INTO app_user VALUES (1, 'ada', 'very secret')`);
    expect(await database.execute(sql`SELECT new FROM restwave_change ORDER BY "offset" DESC LIMIT 1`)).toEqual([
      { new: '[1,"ada"]' },
    ]);
    await database.close();
  });

  test("names the models when it is not told which, or of one that is none", async () => {
    const file = folder.path("unnamed.db");
    expect(await restwave("changes", "--database", file, APPLICATION)).toMatchObject({
      code: 2,
      err: expect.stringContaining("AppUser, Team"),
    });
  });

  test("says so when the module cannot be imported, or exports nothing of use", async () => {
    writeFileSync(folder.path("broken.mjs"), "export const = 1;");
    writeFileSync(folder.path("empty.mjs"), "export const answer = 42;");
    expect(await restwave("changes", folder.path("broken.mjs"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("Cannot import"),
    });
    expect(await restwave("changes", folder.path("empty.mjs"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("exports no database"),
    });
  });
});
