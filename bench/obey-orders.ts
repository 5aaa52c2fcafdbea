/** Makes this process do what its parent tells it, and answer with the result or what went wrong, until the parent lets go of it. */
export function obeyOrders<O>(obey: (order: O) => Promise<unknown>): void {
  process.on("message", (order: O) => {
    obey(order).then(
      (result) => process.send?.({ kind: "done", result }),
      (error: unknown) => process.send?.({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}
