/** Makes an application's own mistake an uncaught error, and keeps it from what is under way. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
