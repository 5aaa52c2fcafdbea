import { spawn } from "node:child_process";

/** Opens a page in the user's browser: that of BROWSER, else the system's. Where there is none nothing happens. BROWSER=none opens nothing. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  const [command, ...args] = commandFor(env["BROWSER"]);
  if (command === undefined) return;
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function commandFor(browser: string | undefined): readonly string[] {
  if (browser === "none") return [];
  if (browser !== undefined && browser !== "") return [browser];
  if (process.platform === "darwin") return ["open"];
  // The first argument in quotes is the title of a window.
  return process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
}
