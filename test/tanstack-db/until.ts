interface Watchable {
  subscribeChanges(listener: () => void, options: { includeInitialState: boolean }): { unsubscribe(): void };
}

const PATIENCE = 15_000;

/** Resolves when a collection is so. */
export async function until<C extends Watchable>(collection: C, isSo: (collection: C) => boolean): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  const look = (): void => {
    if (isSo(collection)) resolve();
  };
  const timer = setTimeout(() => reject(new Error(`Waited for ${String(isSo)}`)), PATIENCE);
  const changes = collection.subscribeChanges(look, { includeInitialState: true });
  look();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    changes.unsubscribe();
  }
}

function withResolvers() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
