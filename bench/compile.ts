import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const output = `${root}node_modules/.cache/restwave-bench/`;

/**
 * Compiles the library and the benchmark to plain JavaScript, so that no loader's hook is in what is measured. Gives the folder that holds the
 * compiled `bench`; it lies under `node_modules`, from where the dependencies are found.
 */
export function compile(): string {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const { status } = spawnSync(process.execPath, [compiler, "-p", `${root}bench/tsconfig.build.json`], { stdio: "inherit" });
  if (status !== 0) throw new Error(`Expected the benchmark to compile, but the compiler ended with ${status}.`);
  writeFileSync(`${output}package.json`, '{ "type": "module" }\n');
  return `${output}bench/`;
}
