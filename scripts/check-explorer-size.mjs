// What the explorer's page costs: all its files gzipped have to fit their budget, and name no other host that a browser would ask.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET = 250_000;
const FOLDER = "dist/explorer-page";

const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const contents = files.map(({ parentPath, name }) => ({ name, content: readFileSync(join(parentPath, name)) }));
const size = contents.reduce((sum, { content }) => sum + gzipSync(content, { level: 9 }).length, 0);
console.log(`the explorer's page: ${size} of at most ${BUDGET} bytes, gzipped`);
if (size > BUDGET) process.exit(1);

const html = contents.find(({ name }) => name === "index.html")?.content.toString() ?? "";
const elsewhere = [...html.matchAll(/(?:src|href)="([^"]*)"/g)]
  .map(([, url]) => url)
  .filter((url) => !url.startsWith("/explorer/"));
if (html === "" || elsewhere.length > 0) {
  console.error(`index.html: expected files below /explorer/, got ${elsewhere.join(", ") || "no page"}`);
  process.exit(1);
}
