// Adds up Vitest's JSON reports and prints the closing line: node scripts/print-totals.mjs REPORT...
// Fails when a test failed, or when a report holds no test at all.
import { readFileSync } from "node:fs";

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
const passed = sum("numPassedTests");
const failed = sum("numFailedTests");
const skipped = sum("numPendingTests") + sum("numTodoTests");

console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
const complete = reports.length > 0 && reports.every((report) => report.success && report.numPassedTests > 0);
process.exit(complete ? 0 : 1);
