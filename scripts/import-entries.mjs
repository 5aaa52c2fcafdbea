// Imports every entry of the installed package under plain Node and prints how much each exports; fails when one does not load.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("node_modules/restwave/package.json", import.meta.url), "utf8"));
for (const key of Object.keys(exports)) {
  if (key.endsWith(".json")) continue;
  const entry = key.replace(/^\./, "restwave");
  const names = Object.keys(await import(entry));
  if (names.length === 0) throw new RangeError(`Expected ${entry} to export something, got nothing.`);
  console.log(`${entry}: ${names.length} exports`);
}
