import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../models/temporary-folder.ts";
import { restwave } from "./run-command.ts";

const APPLICATION = new URL("mistaken-application.ts", import.meta.url).pathname;
const SOUND = new URL("application.ts", import.meta.url).pathname;

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

test("restwave check prints what is wrong with the fix, errors first, and fails", async () => {
  const { code, out, err } = await restwave("check", "--routes", APPLICATION, "--database", folder.path("a.db"));
  expect([code, err]).toEqual([1, ""]);
  expect(out).toMatch(
    /^error missing_table\n {2}The database has no table "task".*\n {2}Fix: Write the migration.*\n\nwarning lookup_not_unique at \/tasks\/ TaskConsumer\n {2}.*\n {2}Fix: .*\n\n1 error, 1 warning\.\n$/,
  );
});

test("restwave check says so when nothing is wrong; a warning fails it only where it is strict", async () => {
  const database = folder.path("b.db");
  expect(await restwave("check", "--routes", SOUND, "--database", database)).toEqual({
    code: 0,
    out: "Nothing is wrong, as far as can be seen.\n",
    err: "",
  });
  vi.resetModules();
  process.env.WITH_TABLE = "1";
  const lenient = await restwave("check", "--routes", APPLICATION, "--database", folder.path("c.db"), "--deploy");
  vi.resetModules();
  const strict = await restwave("check", "--routes", APPLICATION, "--database", folder.path("d.db"), "--deploy", "--strict");
  delete process.env.WITH_TABLE;
  expect(lenient).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^warning lookup_not_unique.*\n\n0 errors, 1 warning\.\n$/s),
  });
  expect(strict.code).toBe(1);
});
