import type { LiveQuery, LiveSnapshot } from "../../src/client.ts";

const PATIENCE = 15_000;

/** Resolves when live data is so. */
export function when<T>(query: LiveQuery<T>, isSo: (snapshot: LiveSnapshot<T>) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      reject(new Error(`Waited for ${String(isSo)}; it is ${JSON.stringify(query.getSnapshot())}`));
      stop();
    }, PATIENCE);
    const look = (): void => {
      if (!isSo(query.getSnapshot())) return;
      clearTimeout(timer);
      stop();
      resolve();
    };
    stop = query.subscribe(look);
    look();
  });
}
