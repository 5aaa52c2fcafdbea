import type { SyncConfig } from "@tanstack/db";
import type { LiveList } from "../client/live-list.ts";
import { RowMirror } from "./row-mirror.ts";

/**
 * Keeps a collection as a live list is while the collection is in use: ready with the first snapshot, in error when the server refuses the list
 * before that.
 */
export function syncLiveList<Row extends object, Key extends string | number>(
  list: LiveList<Row>,
  getKey: (row: Row) => Key,
): SyncConfig<Row, Key> {
  return {
    rowUpdateMode: "full",
    sync: ({ markReady, markError, ...target }) => {
      const mirror = new RowMirror(target, getKey);
      let isReady = false;
      const look = (): void => {
        const { status, data, error } = list.getSnapshot();
        if (status === "failed" && !isReady) return markError(error);
        // What an idle list knew before may be old.
        if (data === undefined || (status !== "live" && status !== "stale")) return;
        mirror.show(data);
        if (!isReady) markReady();
        isReady = true;
      };
      const stop = list.subscribe(look);
      look();
      return stop;
    },
  };
}
