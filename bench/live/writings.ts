/** A way in which a writer changes the rows of a list of a hundred. */
export interface Writing {
  readonly changes: number;
  readonly transactions: number;
  /** The requests, sent without waiting for an answer; `n` is the number of the first change, and no number is used twice. */
  requests(n: number): readonly string[];
}

/** Rows of the list, and changes of a burst. */
export const BURST = 100;

/** The row and the value of the n-th change. */
export function change(n: number): { readonly pk: number; readonly email: string } {
  return { pk: (n % BURST) + 1, email: `edited${n}@example.com` };
}

function patch(n: number): string {
  const { pk, email } = change(n);
  return `{"action":"patch","request_id":${n},"pk":${pk},"data":{"email":"${email}"}}`;
}

export const writings: Readonly<Record<string, Writing>> = {
  single: { changes: 1, transactions: 1, requests: (n) => [patch(n)] },
  transaction: { changes: BURST, transactions: 1, requests: (n) => [`{"action":"burst","request_id":${n},"first":${n}}`] },
  row: {
    changes: BURST,
    transactions: BURST,
    requests: (n) => Array.from({ length: BURST }, (_, index) => patch(n + index)),
  },
};
