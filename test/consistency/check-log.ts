import { isDeepStrictEqual } from "node:util";
import { checkFlow } from "./check-flow.ts";
import { checkHistory, isPartial } from "./check-history.ts";
import { checkRows } from "./check-rows.ts";
import { checkTransactions } from "./check-transactions.ts";
import { type Finding, findingsOf, type Report } from "./finding.ts";
import { foldRows } from "./fold-rows.ts";
import type { Ledger } from "./ledger.ts";
import type { Row, SubscriptionLog } from "./subscription-log.ts";

/**
 * Everything that is wrong with what a subscription saw: rows lost, doubled, reordered, altered, not allowed, torn transactions, and a state that
 * is not the fresh list.
 *
 * @param fresh the list as the same user gets it after the last write; null: unknown.
 */
export function checkLog(log: SubscriptionLog, ledger: Ledger, fresh: readonly Row[] | null): Finding[] {
  return findingsOf(log.watched.name, (report) => {
    checkFlow(log, report, ledger.matters);
    checkRows(log, ledger, report);
    checkWrites(log, ledger, report);
    if (fresh !== null) checkState(log, fresh, report);
  });
}

function checkWrites(log: SubscriptionLog, ledger: Ledger, report: Report): void {
  if (log.watched.mayCoalesce) return;
  const told = checkHistory(log, ledger, report);
  if (!isPartial(log.watched)) checkTransactions(told, ledger, report, { inOrder: !log.watched.tellsStates });
}

function checkState({ entries }: SubscriptionLog, fresh: readonly Row[], report: Report): void {
  const rows = foldRows(entries);
  for (const row of fresh) {
    const held = rows.get(row.id);
    if (held === undefined) report("wrong state", null, `row ${row.id} is missing`);
    else if (!isDeepStrictEqual(held, row))
      report("wrong state", null, `row ${row.id} is ${JSON.stringify(held)}, not ${JSON.stringify(row)}`);
    rows.delete(row.id);
  }
  for (const id of rows.keys()) report("wrong state", null, `row ${id} should have left`);
}
