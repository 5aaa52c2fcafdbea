// Builds the explorer's page when it was never built, or when something that it is made of has changed since. Part of `npm start`.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["explorer", "src/client", "src/contracts", "src/protocol", "src/react"];
const BUILT = "dist/explorer-page/index.html";

/** When the newest file below a folder was changed, in milliseconds. */
function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(0, ...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built > Math.max(...SOURCES.map(newest))) process.exit(0);
console.log("Building the explorer's page (dist/explorer-page) ...");
const { status } = spawnSync("npm", ["run", "--silent", "build:explorer"], {
  stdio: "inherit",
  shell: process.platform === "win32",
  // Where tests run, React would be that for development.
  env: { ...process.env, NODE_ENV: "production" },
});
process.exit(status ?? 1);
