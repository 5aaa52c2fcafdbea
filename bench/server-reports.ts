/** What a server tells the run about itself. Times in microseconds, memory in bytes after a full collection. */
export interface Usage {
  readonly cpu: number;
  readonly rss: number;
  readonly heap: number;
}

export type ServerMessage = { readonly kind: "usage"; readonly collect: boolean } | { readonly kind: "stop" };

/** Tells the parent process the port, then answers its questions until it says stop. */
export function reportToParent(port: number): void {
  process.on("message", (message: ServerMessage) => {
    if (message.kind === "stop") process.exit(0);
    if (message.collect) collect();
    process.send?.(usage());
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error("Expected the server to run with --expose-gc.");
  for (let pass = 0; pass < 4; pass += 1) globalThis.gc();
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpu: user + system, rss, heap: heapUsed + external };
}
