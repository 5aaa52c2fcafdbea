/** What is wrong with a log. */
export interface Finding {
  /** `torn`: a part of a transaction, or one that came in two pieces. */
  readonly kind: "lost" | "doubled" | "reordered" | "altered" | "torn" | "not allowed" | "wrong state";
  readonly subscription: string;
  /** Index of the entry; null: the log as a whole. */
  readonly line: number | null;
  readonly message: string;
}

export type Report = (kind: Finding["kind"], line: number | null, message: string) => void;

/** Gathers findings of one subscription. */
export function findingsOf(subscription: string, check: (report: Report) => void): Finding[] {
  const findings: Finding[] = [];
  check((kind, line, message) => findings.push({ kind, subscription, line, message }));
  return findings;
}
