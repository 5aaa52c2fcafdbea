// Builds dist/ afresh: ES modules, declarations and maps for every file of src/, and the explorer's page.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
chmodSync("dist/restwave.js", 0o755);
const page = spawnSync("npm", ["run", "--silent", "build:explorer"], { stdio: "inherit", shell: process.platform === "win32" });
process.exit(page.status ?? 1);
