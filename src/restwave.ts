#!/usr/bin/env node
import { runCli } from "./cli/run-cli.ts";
import { typeScriptLoader } from "./cli/typescript-loader.ts";

const code = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdout.isTTY,
  importTypeScript: async (cwd) => {
    const loader = typeScriptLoader(cwd);
    if (loader.by === "tsx") await import(loader.url);
  },
});
// A module of the application may have begun to listen, or hold a timer.
process.stdout.write("", () => process.exit(code));
