import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { writeProject } from "../../src/cli/write-project.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const PACKAGES = ["@types", "drizzle-kit", "drizzle-orm", "tsx", "typescript", "vitest", "ws"];

/** A project as `restwave init` makes it, with the packages of this repository; removed after the test. */
export async function newProject(): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), "restwave-project-")), "my-app");
  // A server whose `restwave dev` was killed may still be ending in it.
  onTestFinished(() => rmSync(resolve(folder, ".."), { recursive: true, force: true, maxRetries: 5 }));
  await writeProject(folder, "my-app");
  linkPackages(folder);
  return folder;
}

/** Installs nothing: this repository is the package `restwave`, and its packages are those of the project. */
export function linkPackages(folder: string): void {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of PACKAGES) symlinkSync(join(REPOSITORY, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(REPOSITORY, join(folder, "node_modules/restwave"));
}
