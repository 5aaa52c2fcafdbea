/** Where the connection of a client is. */
export type ConnectionState =
  /** Nothing was asked of the server yet. */
  | { readonly status: "idle" }
  | { readonly status: "connecting" }
  | { readonly status: "open" }
  /** It broke, or could not be made. `attempt` counts from 1; `retryAt` is the time of the next attempt (as `Date.now()` counts), null while one runs or the device is offline. */
  | { readonly status: "reconnecting"; readonly attempt: number; readonly reason: string; readonly retryAt: number | null }
  /** For good: `close()` was called, or the server said not to come back. */
  | { readonly status: "closed"; readonly code: number; readonly reason: string };
