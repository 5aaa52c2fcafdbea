import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../models/temporary-folder.ts";
import { services } from "../services.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a program has printed. */
export interface Printed {
  readonly output: string;
  readonly complaints: string;
}

/** Runs a program until it ends, or until it has printed something, and then ends it. */
function run(program: string, args: readonly string[], folder: string, until?: RegExp): Promise<Printed> {
  const env = { ...process.env, PATH: `${join(ROOT, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`, NO_COLOR: "1" };
  const child = spawn(program, args, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
  const end = (): void => {
    const isRunning = child.exitCode === null && child.signalCode === null;
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
  onTestFinished(end);
  return new Promise((resolve, reject) => {
    let [output, complaints] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (until?.test(output) === true) end();
    });
    child.stderr.on("data", (bytes: Buffer) => (complaints += bytes.toString()));
    child.on("error", reject);
    child.on("close", () => resolve({ output, complaints }));
  });
}

/** Runs a command line in bash. */
export function runShell(code: string, until?: RegExp): Promise<Printed> {
  return run("bash", ["-c", code], ROOT, until);
}

export function runPython(code: string, until?: RegExp): Promise<Printed> {
  return run(services.python.address, ["-X", "utf8", "-c", code], ROOT, until);
}

/** Runs modules one after another, as a project does that has restwave installed. */
export async function runTypescript(codes: readonly string[], until?: RegExp): Promise<Printed> {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  mkdirSync(folder.path("node_modules"));
  symlinkSync(ROOT, folder.path("node_modules/restwave"));
  writeFileSync(folder.path("package.json"), '{ "type": "module" }');
  codes.forEach((code, index) => writeFileSync(folder.path(`snippet-${index}.ts`), code));
  const imports = codes.map((_code, index) => `console.log("snippet ${index}");\nawait import("./snippet-${index}.ts");\n`);
  writeFileSync(folder.path("main.mjs"), imports.join(""));
  const tsx = pathToFileURL(join(ROOT, "node_modules/tsx/dist/esm/index.mjs")).href;
  const args = ["--conditions=restwave-source", `--import=${tsx}`, folder.path("main.mjs")];
  return run(services.node.address, args, folder.path(""), until);
}
