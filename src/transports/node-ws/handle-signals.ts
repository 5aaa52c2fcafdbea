const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * On the first SIGINT or SIGTERM calls `shutDown` and then ends the process with exit code 0 (1 if `shutDown` failed); a second signal ends it at
 * once with 1. Returns a function that takes the listeners away.
 */
export function handleSignals(shutDown: () => Promise<void>): () => void {
  let isShuttingDown = false;
  const onSignal = (): void => {
    if (isShuttingDown) process.exit(1);
    isShuttingDown = true;
    shutDown().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
