import type { LiveCount } from "../client/live-count.ts";
import type { LiveInstance } from "../client/live-instance.ts";
import type { LiveList } from "../client/live-list.ts";

/** A resource with a live list: what a hook needs of it, so that types are inferred from any that has it. */
export interface WithLiveList<Args, T> {
  live(args?: Args): LiveList<T>;
}

/** A resource with a live count. */
export interface WithLiveCount<Args> {
  liveCount(args?: Args): LiveCount;
}

/** A resource with live rows. */
export interface WithLiveInstance<Lookup, T> {
  liveInstance(lookup: Lookup): LiveInstance<T>;
}
