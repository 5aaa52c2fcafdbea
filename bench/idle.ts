import { median } from "./compare.ts";
import type { LoadProcess, ServerProcess } from "./child.ts";

/** Bytes for each idle connection. */
export interface IdleCost {
  readonly rss: number;
  readonly heap: number;
}

/**
 * What an open connection costs that has sent one request and is silent: the memory of the process after a collection, with and without them.
 * The first group only makes the process grow to its working size. `start` makes a fresh server.
 */
export async function measureIdle(
  load: LoadProcess,
  start: () => Promise<ServerProcess>,
  connections: number,
  rounds: number,
): Promise<IdleCost> {
  const costs: IdleCost[] = [];
  for (let round = 0; round < rounds; round += 1) costs.push(await measureOnce(load, await start(), connections));
  return { rss: median(costs.map(({ rss }) => rss)), heap: median(costs.map(({ heap }) => heap)) };
}

async function measureOnce(load: LoadProcess, server: ServerProcess, connections: number): Promise<IdleCost> {
  const warmUp = Math.min(100, connections);
  await load.openIdle(server.port, warmUp);
  const before = await server.usage(true);
  await load.openIdle(server.port, warmUp + connections);
  const after = await server.usage(true);
  await load.closeIdle();
  await server.stop();
  return { rss: (after.rss - before.rss) / connections, heap: (after.heap - before.heap) / connections };
}
