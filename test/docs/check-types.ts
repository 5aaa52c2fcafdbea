import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./snippets.ts";

/**
 * Type-checks modules by the repository's own compiler and settings, `restwave` being its source.
 *
 * @param modules code by path, relative to a common folder.
 * @returns what is wrong, a line each: `docs/models/models.ts(3,7): error TS2304: Cannot find name 'x'.`
 */
export async function checkTypes(modules: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "restwave-docs-"));
  try {
    await writeProject(folder, modules);
    return await runCompiler(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeProject(folder: string, modules: ReadonlyMap<string, string>): Promise<void> {
  const entry = (name: string) => [join(root, "src", `${name}.ts`)];
  const paths = {
    restwave: entry("index"),
    "restwave/sqlite": entry("sqlite"),
    "restwave/postgres": entry("postgres"),
    "restwave/http": entry("http"),
    "restwave/client": entry("client"),
    "restwave/contracts": entry("contracts"),
    "restwave/explorer": entry("explorer"),
    "restwave/tanstack-db": entry("tanstack-db"),
    "restwave/testing": entry("testing"),
    "restwave/react": entry("react"),
    "restwave/opentelemetry": entry("opentelemetry"),
    "restwave/prometheus": entry("prometheus"),
  };
  // A page shows what it is about, not a use for each of its names.
  const compilerOptions = { paths, jsx: "react-jsx", noUnusedLocals: false, noUnusedParameters: false };
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions,
    include: ["**/*.ts", "**/*.tsx"],
    exclude: ["node_modules"],
  };
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{"type": "module"}');
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  for (const [path, code] of modules) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), code);
  }
}

function runCompiler(folder: string): Promise<readonly string[]> {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, "--noEmit", "--pretty", "false", "-p", folder],
      { cwd: folder },
      (_error, stdout, stderr) => {
        resolve(`${stdout}${stderr}`.split("\n").filter((line) => line !== ""));
      },
    );
  });
}
