// Builds dist/ afresh: ES modules, declarations and maps for every file of src/.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status === 0) chmodSync("dist/restwave.js", 0o755);
process.exit(status ?? 1);
