/** Milliseconds between attempts to connect. */
export interface Backoff {
  /** Upper bound of the first pause. Default 500. */
  readonly initial?: number;
  /** Upper bound of every pause. Default 30000. */
  readonly max?: number;
}

/** How long to wait before an attempt, counted from 1: anything from 0 to a bound that doubles each time (full jitter), so that clients do not come back all at once. */
export function backoffDelay(attempt: number, { initial = 500, max = 30_000 }: Backoff): number {
  return Math.random() * Math.min(max, initial * 2 ** (attempt - 1));
}
