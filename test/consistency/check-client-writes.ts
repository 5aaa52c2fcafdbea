import { APIError, ConnectionError } from "../../src/client.ts";
import type { ClientWrite } from "./client-write.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** Everything that is wrong with how writes ended, seen from what was written. */
export function checkClientWrites(writes: readonly ClientWrite[], ledger: Ledger): string[] {
  const applied = appliedByTitle(ledger);
  return writes.flatMap((write) => {
    const { kind, pk, title } = write;
    const found = title === null ? deletionsOf(ledger, write) : (applied.get(title) ?? []);
    return problemsOf(write, found).map((problem) => `${kind} ${title ?? `of row ${pk}`}: ${problem}`);
  });
}

function problemsOf(write: ClientWrite, applied: readonly LedgerEntry[]): string[] {
  const { pk, end } = write;
  const times = applied.length;
  if (times > 1) return [`it was applied ${times} times`];
  if (applied.some((entry) => pk !== null && entry.pk !== pk)) return ["it was applied to another row"];
  if ("error" in end) return problemsOfRefusal(end.error, times);
  const [entry] = applied;
  if (entry === undefined) return ["it was answered, and not applied"];
  return entry.row === null ? [] : differences(entry.row, end.answer);
}

/** Such writes are sent again when their answer is lost, so nothing but the server refuses them. */
function problemsOfRefusal(error: unknown, times: number): string[] {
  if (error instanceof ConnectionError) return [`it failed with ${error.code}`];
  if (!(error instanceof APIError)) return [`it failed with ${String(error)}`];
  // The first of two equal requests was still under way, so its key was in use.
  if (error.status === 503) return [];
  if (error.status >= 500) return [`it was answered ${error.status}`];
  return times === 0 ? [] : [`it was refused with ${error.status}, and applied`];
}

function differences(written: NonNullable<LedgerEntry["row"]>, answer: unknown): string[] {
  const wrong = Object.keys(written).filter((field) => written[field] !== Reflect.get(Object(answer), field));
  return wrong.map(
    (field) => `${field} was answered ${String(Reflect.get(Object(answer), field))}, written was ${String(written[field])}`,
  );
}

/** The writes that brought a title: later ones only left it as it was. */
function appliedByTitle(ledger: Ledger): ReadonlyMap<unknown, readonly LedgerEntry[]> {
  const applied = new Map<unknown, LedgerEntry[]>();
  for (const pk of ledger.pks) {
    let title: unknown;
    for (const entry of ledger.historyOf(pk)) {
      const next = entry.row?.["title"];
      if (next !== title && next !== undefined) applied.set(next, [...(applied.get(next) ?? []), entry]);
      title = next;
    }
  }
  return applied;
}

/** How often a row was deleted by others than raw SQL. Where the ledger does not tell who it was, a refused deletion is taken to be another's. */
function deletionsOf(ledger: Ledger, { pk, end }: ClientWrite): readonly LedgerEntry[] {
  const deletions = ledger.historyOf(pk ?? 0).filter(({ row, unmarked }) => row === null && !unmarked);
  return "error" in end && ledger.matters !== undefined ? [] : deletions;
}
