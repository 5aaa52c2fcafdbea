import { useSyncExternalStore } from "react";

/** What a component needs of a store. */
interface Readable<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The value of a store, and a new render whenever it is another. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
