import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { packageManagerOf, runCommand } from "../../src/cli/package-manager.ts";
import { temporaryFolder } from "../models/temporary-folder.ts";
import { linkPackages } from "./new-project.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function init(args: readonly string[], env: Record<string, string | undefined> = {}) {
  const written = { out: "", err: "" };
  const code = await runCli(["init", ...args], {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env,
    cwd: folder.path("."),
  });
  return { code, ...written };
}

describe("restwave init", () => {
  test("makes a project, and says what to do next", async () => {
    const { code, out, err } = await init(["My App", "--no-install"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/Next:\n\n {2}cd "My App"\n {2}npm install\n {2}npm run dev\n/);
    const project = folder.path("My App");
    expect(readdirSync(project).toSorted()).toEqual(
      [
        ".gitignore",
        "README.md",
        "client.ts",
        "consumers.ts",
        "drizzle.config.ts",
        "migrations",
        "models.ts",
        "package.json",
        "routing.ts",
        "serializers.ts",
        "server.ts",
        "tables.ts",
        "test",
        "tsconfig.json",
        "vitest.config.ts",
      ].toSorted(),
    );
    const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    const own = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(manifest).toMatchObject({
      name: "my-app",
      type: "module",
      dependencies: { restwave: `^${own.version}`, "drizzle-orm": own.devDependencies["drizzle-orm"], ws: own.dependencies.ws },
    });
    expect(JSON.stringify(manifest) + readFileSync(join(project, "README.md"), "utf8")).not.toContain("{{");
  });

  test("has migrations that make what its tables say", async () => {
    await init(["app", "--no-install"]);
    const project = folder.path("app");
    linkPackages(project);
    const kit = join(project, "node_modules/drizzle-kit/bin.cjs");
    const { stdout } = spawnSync(process.execPath, [kit, "generate"], { cwd: project, encoding: "utf8" });
    expect(stdout).toContain("No schema changes");
  });

  test.each([
    [
      ["taken"],
      /Expected "taken" to be a new or an empty folder, but it holds a\.txt, b\.txt, c\.txt and 1 more\. Choose another name\./,
    ],
    [["file.txt"], /Expected "file\.txt" to be a folder, but it is a file/],
    [[], /Expected the folder of the new project/],
    [["a", "b"], /Expected no argument "b"/],
    [["a", "--wrong"], /--wrong/],
  ])("refuses %j with exit code 2, and touches nothing", async (args, reason) => {
    mkdirSync(folder.path("taken"));
    for (const name of ["a", "b", "c", "d"]) writeFileSync(folder.path(`taken/${name}.txt`), name);
    writeFileSync(folder.path("file.txt"), "mine");
    const { code, out, err } = await init(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(reason);
    expect(readdirSync(folder.path("taken"))).toHaveLength(4);
    expect(existsSync(folder.path("a"))).toBe(false);
  });

  test("takes the folder that one is in, and one that is a repository already", async () => {
    mkdirSync(folder.path(".git"));
    const { code, out } = await init([".", "--no-install"]);
    expect(code).toBe(0);
    expect(out).not.toContain("cd ");
    expect(statSync(folder.path("server.ts")).isFile()).toBe(true);
  });

  test("says so when the packages could not be installed; the project is there", async () => {
    const { PATH } = process.env;
    process.env.PATH = folder.path("nothing");
    const { code, out, err } = await init(["app"], { npm_config_user_agent: "pnpm/10.1.0 npm/? node/v22.0.0" }).finally(() => {
      process.env.PATH = PATH;
    });
    expect(code).toBe(1);
    expect(err).toContain('The project is there, but "pnpm install" failed in it.');
    expect(out).toMatch(/ {2}cd app\n {2}pnpm install\n {2}pnpm dev\n/);
    expect(existsSync(folder.path("app/server.ts"))).toBe(true);
  });
});

test("the package manager is the one that runs the command", () => {
  expect(packageManagerOf("pnpm/10.1.0 npm/? node/v22.0.0 linux x64")).toBe("pnpm");
  expect(packageManagerOf("bun/1.3.0 npm/? node/v24.0.0 linux x64")).toBe("bun");
  expect(packageManagerOf("yarn/4.0.0 npm/? node/v22.0.0 linux x64")).toBe("yarn");
  expect(packageManagerOf("npm/10.8.2 node/v20.19.0 linux x64")).toBe("npm");
  expect(packageManagerOf(undefined)).toBe("npm");
  expect([runCommand("npm", "dev"), runCommand("yarn", "dev"), runCommand("bun", "dev")]).toEqual([
    "npm run dev",
    "yarn dev",
    "bun run dev",
  ]);
});
