import type { LiveBench } from "./live-bench.ts";
import { kib, print } from "../table.ts";
import type { SubscribeOrder } from "./audience.ts";

const EACH = 100;
const NAMES = { one: "of one filter", others: "of different filters" } as const;

/** What a silent subscription costs: the memory of the process after a collection, with and without them, on sockets that have one already. */
export async function memory(bench: LiveBench): Promise<void> {
  const count = bench.options.isQuick ? 2000 : 10_000;
  const rows: string[][] = [];
  for (const of of ["others", "one"] as const) rows.push(await measure(bench, count, of));
  print([["a subscription", "of", "resident", "heap + external"], ...rows]);
}

async function measure(bench: LiveBench, count: number, of: Exclude<SubscribeOrder["of"], "all">): Promise<string[]> {
  console.error(`memory of ${count} subscriptions ${NAMES[of]} ...`);
  try {
    const server = await bench.startServer("live-server", "live");
    const audience = bench.startAudience();
    await audience.open({ port: server.port, path: "/ws/users/", protocol: null, sockets: count / EACH });
    await audience.subscribe({ each: 10, of });
    const before = await server.usage(true);
    await audience.subscribe({ each: EACH, of });
    const after = await server.usage(true);
    const [rss, heap] = [(after.rss - before.rss) / count, (after.heap - before.heap) / count];
    return [NAMES[of], String(count), kib(rss), kib(heap)];
  } finally {
    await bench.stopAll();
  }
}
