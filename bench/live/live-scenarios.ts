import { changelog } from "./changelog.ts";
import { fanout } from "./fanout.ts";
import type { LiveBench } from "./live-bench.ts";
import { memory } from "./memory.ts";
import { subscriptions } from "./subscriptions.ts";

/** What is measured of live lists, by name; each prints a table and leaves nothing behind. */
export const liveScenarios: Readonly<Record<string, (bench: LiveBench) => Promise<void>>> = {
  fanout,
  subscriptions,
  changelog,
  memory,
};
