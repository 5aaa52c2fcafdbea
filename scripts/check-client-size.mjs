// What `restwave/client` costs a page: bundled for browsers, minified and gzipped, it has to fit its budget and import nothing of Node's.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const BUDGET = 12 * 1024;

const { outputFiles } = await build({
  stdin: {
    contents: 'import * as client from "./dist/client.js"; globalThis.client = client;',
    resolveDir: process.cwd(),
  },
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  write: false,
});
const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
console.log(`restwave/client: ${size} of at most ${BUDGET} bytes, minified and gzipped`);
if (size > BUDGET) process.exit(1);
