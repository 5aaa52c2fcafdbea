import type { Told } from "./check-history.ts";
import type { Report } from "./finding.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** Checks that the events of a transaction stand together, under a position of their own; `inOrder`: with its rows in the order in which it touched them. */
export function checkTransactions(
  told: readonly Told[],
  ledger: Ledger,
  report: Report,
  { inOrder }: { inOrder: boolean },
): void {
  const finished = new Set<string>();
  for (const group of groupsByPosition(told)) {
    const writes = group.map(({ pk, index }) => ledger.historyOf(pk)[index]).filter((write) => write !== undefined);
    const transactions = new Set(writes.map(({ transaction }) => transaction));
    const line = group[0]?.line ?? null;
    for (const transaction of transactions) {
      if (finished.has(transaction)) report("torn", line, `transaction ${transaction} came in two pieces`);
      finished.add(transaction);
    }
    const marked = new Set(writes.filter(({ unmarked }) => !unmarked).map(({ transaction }) => transaction));
    if (marked.size > 1) report("torn", line, `transactions ${[...marked].join(" and ")} came under one position`);
    if (inOrder && writes.every(({ unmarked }) => !unmarked)) checkOrder(group, ledger, report);
  }
}

function checkOrder(group: readonly Told[], ledger: Ledger, report: Report): void {
  let previous: LedgerEntry | undefined;
  for (const { line, pk, firstIndex } of group) {
    const first = ledger.historyOf(pk)[firstIndex];
    if (previous !== undefined && first !== undefined && first.seq < previous.seq)
      report("reordered", line, `row ${pk} was touched before row ${previous.pk}`);
    previous = first;
  }
}

function groupsByPosition(told: readonly Told[]): Told[][] {
  const groups: Told[][] = [];
  for (const one of told) {
    const group = groups.at(-1);
    if (group?.[0]?.position === one.position) group.push(one);
    else groups.push([one]);
  }
  return groups;
}
