import { spawn } from "node:child_process";
import { once } from "node:events";

/** Who installs packages. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** The one that runs this command, as it says of itself: `npm/10.8.2 node/v20.19.0 linux x64`. Default: npm. */
export function packageManagerOf(userAgent: string | undefined): PackageManager {
  const name = userAgent?.split("/", 1)[0];
  return name === "pnpm" || name === "yarn" || name === "bun" ? name : "npm";
}

/** The command line that runs a script of package.json. */
export function runCommand(manager: PackageManager, script: string): string {
  return manager === "npm" || manager === "bun" ? `${manager} run ${script}` : `${manager} ${script}`;
}

/** Installs what package.json asks for. @returns whether that went well. */
export async function installPackages(manager: PackageManager, folder: string): Promise<boolean> {
  const child = spawn(manager, ["install"], { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    // There is no such program.
    return false;
  }
}
