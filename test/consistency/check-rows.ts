import type { Report } from "./finding.ts";
import type { Ledger } from "./ledger.ts";
import type { Row, SubscriptionLog } from "./subscription-log.ts";

/** Checks each row that came: it was committed so, passes the filters, and was one that the reader may see. */
export function checkRows({ watched, entries }: SubscriptionLog, ledger: Ledger, report: Report): void {
  let denied: ReadonlySet<number> = new Set();
  const check = (line: number, row: Row): void => {
    const difference = differenceFrom(ledger, row);
    if (difference !== null) report("altered", line, difference);
    if (!watched.matches(row)) report("not allowed", line, `row ${row.id} version ${row.version} does not pass the filters`);
    if (!watched.maySee(row, denied)) report("not allowed", line, `row ${row.id} version ${row.version} is not for this reader`);
  };
  for (const [line, entry] of entries.entries()) {
    if (entry.kind === "fence") denied = new Set(entry.denied);
    else if (entry.kind === "snapshot") for (const row of entry.rows) check(line, row);
    else if (entry.kind === "event" && entry.action !== "delete") check(line, entry.row);
  }
}

function differenceFrom(ledger: Ledger, row: Row): string | null {
  const index = ledger.indexOf(row.id, row.version);
  const written = ledger.historyOf(row.id)[index]?.row;
  if (written === undefined || written === null) return `row ${row.id} never had version ${row.version}`;
  const wrong = Object.keys(written).filter((field) => written[field] !== row[field]);
  if (wrong.length === 0) return null;
  return `row ${row.id} version ${row.version}: ${wrong.map((field) => `${field} is ${String(row[field])}, written was ${String(written[field])}`).join(", ")}`;
}
