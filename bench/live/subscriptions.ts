import { print } from "../table.ts";
import { type Case, CASE_COLUMNS, measureCases } from "./cases.ts";
import type { LiveBench } from "./live-bench.ts";

/** Subscriptions of one socket. */
const EACH = 100;

/** A write costs the same however many listen to other values of the column that they filter by. */
export async function subscriptions(bench: LiveBench): Promise<void> {
  const cases: Case[] = [];
  try {
    for (const count of bench.options.subscriptions) cases.push(await open(bench, count));
    const rows = await measureCases(bench, "patch", cases, { most: 1.2, of: "cpu" });
    print([["patch, subscriptions elsewhere", ...CASE_COLUMNS], ...rows]);
  } finally {
    await bench.stopAll();
  }
}

async function open(bench: LiveBench, count: number): Promise<Case> {
  console.error(`${count} subscriptions ...`);
  const server = await bench.startServer("live-server", "live");
  if (count === 0) return { name: "0", server };
  const each = Math.min(EACH, count);
  const audience = bench.startAudience();
  await audience.open({ port: server.port, path: "/ws/users/", protocol: null, sockets: Math.ceil(count / each) });
  await audience.subscribe({ each, of: "others" });
  return { name: String(count), server };
}
