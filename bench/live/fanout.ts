import type { ServerProcess } from "../child.ts";
import { median } from "../compare.ts";
import { print, verdict } from "../table.ts";
import type { Publication } from "./audience.ts";
import type { AudienceProcess } from "./audience-process.ts";
import type { LiveBench } from "./live-bench.ts";
import { writings } from "./writings.ts";

/** Deliveries per second that Restwave aims at, as a part of those of the control that joins its writes. */
const TARGET = 0.7;
const PATH = "/ws/hundred/";
const STANDS = ["each", "joined", "shared", "dcrf", "v1"] as const;

type StandName = (typeof STANDS)[number];

/** A server with its audience. */
interface Stand {
  readonly server: ServerProcess;
  readonly audience: AudienceProcess;
}

/** `cpu` in microseconds of the server for each delivery; times in milliseconds; `generator`: the part of a core that the audience had. */
interface FanoutSample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly generator: number;
}

/** One writer, and many sockets that have subscribed to the list in which it writes. */
export async function fanout(bench: LiveBench): Promise<void> {
  const rows: string[][] = [];
  for (const sockets of bench.options.sockets) {
    try {
      rows.push(...(await measureSockets(bench, sockets)));
    } finally {
      await bench.stopAll();
    }
  }
  print([
    [
      "fan-out",
      "sockets",
      "each/s",
      "joined/s",
      "shared/s",
      "dcrf/s",
      "v1/s",
      "dcrf ratio",
      "v1 ratio",
      "target",
      "",
      "cpu us e / j / s / d / v",
      "p50 ms e / j / s / d / v",
      "p99 ms e / j / s / d / v",
      "gen busy",
    ],
    ...rows,
  ]);
}

async function measureSockets(bench: LiveBench, sockets: number): Promise<string[][]> {
  console.error(`fan-out to ${sockets} sockets ...`);
  const stands: Record<StandName, Stand> = {
    each: await open(bench, sockets, "each"),
    joined: await open(bench, sockets, "joined"),
    shared: await open(bench, sockets, "shared"),
    dcrf: await open(bench, sockets, "dcrf"),
    v1: await open(bench, sockets, "v1"),
  };
  await assertSameEvents(stands);
  const { isQuick, rounds = isQuick ? 1 : 3 } = bench.options;
  for (const name of STANDS) await warmUp(stands[name], name, isQuick ? 100 : 300);
  const rows: string[][] = [];
  for (const writing of Object.keys(writings))
    rows.push(await compareStands(stands, sockets, writing, rounds, isQuick ? 200 : 400));
  return rows;
}

async function open(bench: LiveBench, sockets: number, name: StandName): Promise<Stand> {
  const isControl = name !== "dcrf" && name !== "v1";
  const server = isControl ? await bench.startServer("broadcast-server", name) : await bench.startServer("live-server", "live");
  const audience = bench.startAudience();
  await audience.open({ port: server.port, path: PATH, protocol: name === "v1" ? "restwave.v1" : null, sockets });
  await audience.subscribe({ each: 1, of: "all" });
  return { server, audience };
}

/** Compiled code is what a server runs all day. */
async function warmUp(stand: Stand, name: StandName, duration: number): Promise<void> {
  for (const writing of Object.keys(writings)) if (!isSlow(name, writing)) await measure(stand, writing, duration);
}

/** One write for each event and socket takes seconds where there are many: it is measured once. */
function isSlow(name: StandName, writing: string): boolean {
  return name === "each" && writings[writing]!.changes > 1;
}

async function measure({ server, audience }: Stand, writing: string, duration: number): Promise<FanoutSample> {
  const before = await server.usage(false);
  const found: Publication = await audience.publish({ writing, duration });
  const cpu = (await server.usage(false)).cpu - before.cpu;
  const { deliveries, elapsed, p50, p99 } = found;
  return { perSecond: (deliveries / elapsed) * 1000, p50, p99, cpu: cpu / deliveries, generator: found.cpu / (elapsed * 1000) };
}

async function compareStands(
  stands: Readonly<Record<StandName, Stand>>,
  sockets: number,
  writing: string,
  rounds: number,
  duration: number,
): Promise<string[]> {
  const samples: Record<StandName, FanoutSample[]> = { each: [], joined: [], shared: [], dcrf: [], v1: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? STANDS : STANDS.toReversed()) {
      if (round === 0 || !isSlow(name, writing)) samples[name].push(await measure(stands[name], writing, duration));
    }
  }
  const of = (name: StandName, key: keyof FanoutSample): number => median(samples[name].map((each) => each[key]));
  const all = (key: keyof FanoutSample, digits: number): string =>
    STANDS.map((name) => of(name, key).toFixed(digits)).join(" / ");
  const ratio = (name: StandName): number =>
    median(samples[name].map(({ perSecond }, round) => perSecond / samples.joined[round]!.perSecond));
  const [dcrf, v1] = [ratio("dcrf"), ratio("v1")];
  return [
    labelOf(writing),
    String(sockets),
    ...STANDS.map((name) => of(name, "perSecond").toFixed(0)),
    dcrf.toFixed(2),
    v1.toFixed(2),
    `>= ${TARGET}`,
    verdict(Math.min(dcrf, v1) >= TARGET),
    all("cpu", 2),
    all("p50", 1),
    all("p99", 1),
    STANDS.map((name) => `${Math.round(of(name, "generator") * 100)}%`).join(" / "),
  ];
}

function labelOf(writing: string): string {
  const { changes, transactions } = writings[writing]!;
  if (changes === 1) return "one change";
  return transactions === 1 ? `${changes} changes, one transaction` : `${changes} transactions in a row`;
}

/** @throws when the servers do not tell their subscribers the same, but for the position. */
async function assertSameEvents(stands: Readonly<Record<StandName, Stand>>): Promise<void> {
  const events: string[] = [];
  for (const name of STANDS) {
    const frame = JSON.parse(await stands[name].audience.sample());
    const { position: _position, ...event } = name === "v1" ? frame.events[0] : frame;
    events.push(JSON.stringify(event));
  }
  if (new Set(events).size !== 1) throw new Error(`Expected the same event from all servers, got\n${events.join("\n")}`);
}
