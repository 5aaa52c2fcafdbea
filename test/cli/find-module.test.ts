import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { entryModule, findModule, routesModule } from "../../src/cli/find-module.ts";
import { temporaryFolder } from "../models/temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

test("a module is the one that is named, else what package.json says, else the first usual name", () => {
  mkdirSync(folder.path("src"));
  for (const file of ["server.js", "src/server.ts", "src/routes.ts", "routing.ts", "app.ts"])
    writeFileSync(folder.path(file), "");
  const cwd = folder.path(".");
  expect(findModule(entryModule, undefined, cwd)).toBe("src/server.ts");
  expect(findModule(routesModule, undefined, cwd)).toBe("src/routes.ts");
  expect(findModule(entryModule, "server.js", cwd)).toBe("server.js");
  writeFileSync(folder.path("package.json"), '{ "restwave": { "entry": "app.ts" } }');
  expect(findModule(entryModule, undefined, cwd)).toBe("app.ts");
  expect(findModule(routesModule, undefined, cwd)).toBe("src/routes.ts");
});

test("what is not there is refused with where it was looked for", () => {
  const cwd = folder.path(".");
  expect(() => findModule(entryModule, undefined, cwd)).toThrow(
    /looked for src\/server\.ts .*server\.ts .*"restwave": \{ "entry"/,
  );
  writeFileSync(folder.path("package.json"), '{ "restwave": { "entry": "app.ts" } }');
  expect(() => findModule(entryModule, undefined, cwd)).toThrow('got "app.ts", which does not exist');
  writeFileSync(folder.path("package.json"), "{");
  expect(() => findModule(entryModule, undefined, cwd)).toThrow(/Cannot read .*package\.json/);
});
