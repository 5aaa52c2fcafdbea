import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LoadProcess, ServerProcess } from "./child.ts";
import { assertSameAnswers, compare, type Comparison, type RoundOptions, type Servers } from "./compare.ts";
import { compile } from "./compile.ts";
import { measureIdle } from "./idle.ts";
import { LiveBench } from "./live/live-bench.ts";
import { liveScenarios } from "./live/live-scenarios.ts";
import { type Scenario, scenarioNamed, scenarios } from "./scenarios.ts";
import { seed } from "./seed.ts";
import { printComparisons, printIdle } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    connections: { type: "string", default: "1,50,200" },
    seconds: { type: "string" },
    rounds: { type: "string" },
    idle: { type: "string" },
    sockets: { type: "string" },
    subscriptions: { type: "string" },
    profile: { type: "string" },
  },
});

const IDLE = "idle";
const named = options.only?.split(",");
const chosen = scenarios.filter(({ name }) => named?.includes(name) ?? true);
const chosenLive = Object.entries(liveScenarios).filter(([name]) => named?.includes(name) ?? true);
for (const name of named ?? []) if (name !== IDLE && !Object.hasOwn(liveScenarios, name)) scenarioNamed(name);
const connectionCounts = options.connections.split(",").map(Number);
const idleConnections = Number(options.idle ?? (options.quick ? 500 : 2000));
const roundOptions: RoundOptions = {
  rounds: Number(options.rounds ?? (options.quick ? 2 : 5)),
  warmUp: options.quick ? 200 : 500,
  duration: Number(options.seconds ?? (options.quick ? 0.5 : 1.5)) * 1000,
};
/** `--profile <folder>`: Restwave's server leaves a `.cpuprofile` there. */
const profiling = options.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.profile}`];

const folder = compile();
const data = mkdtempSync(join(tmpdir(), "restwave-bench-"));
let files = 0;

function startServer(name: "control" | "restwave", nodeOptions: readonly string[] = []): Promise<ServerProcess> {
  const filename = join(data, `${name}-${(files += 1)}.db`);
  seed(filename);
  return ServerProcess.start(`${folder}${name}-server.js`, [filename], nodeOptions);
}

async function compareScenario(load: LoadProcess, servers: Servers, scenario: Scenario): Promise<Comparison[]> {
  const found: Comparison[] = [];
  await assertSameAnswers(load, servers, scenario);
  // Compiled code is what a server runs all day.
  await compare(load, servers, scenario, 50, { rounds: 1, warmUp: 0, duration: options.quick ? 1000 : 3000 });
  for (const connections of connectionCounts) {
    console.error(`${scenario.name}, ${connections} connections ...`);
    found.push(await compare(load, servers, scenario, connections, roundOptions));
  }
  return found;
}

async function compareAll(load: LoadProcess): Promise<void> {
  const comparisons: Comparison[] = [];
  for (const scenario of chosen) {
    const servers = { control: await startServer("control", profiling), restwave: await startServer("restwave", profiling) };
    try {
      comparisons.push(...(await compareScenario(load, servers, scenario)));
    } finally {
      await Promise.all([servers.control.stop(), servers.restwave.stop()]);
    }
  }
  printComparisons(comparisons);
}

async function compareIdle(load: LoadProcess): Promise<void> {
  console.error(`memory of ${idleConnections} idle connections ...`);
  const rounds = options.quick ? 1 : 3;
  const control = await measureIdle(load, () => startServer("control"), idleConnections, rounds);
  const restwave = await measureIdle(load, () => startServer("restwave"), idleConnections, rounds);
  printIdle(control, restwave);
}

async function runLive(load: LoadProcess): Promise<void> {
  const { quick: isQuick, rounds, sockets, subscriptions } = options;
  const bench = new LiveBench({
    folder,
    data,
    load,
    isQuick,
    rounds: rounds === undefined ? undefined : Number(rounds),
    sockets: numbers(sockets ?? (isQuick ? "200,1000" : "1000,5000")),
    subscriptions: numbers(subscriptions ?? (isQuick ? "0,1,1000,5000" : "0,1,1000,100000")),
    nodeOptions: profiling,
  });
  for (const [name, run] of chosenLive) {
    console.error(`${name} ...`);
    await run(bench);
  }
}

function numbers(list: string): readonly number[] {
  return list.split(",").map(Number);
}

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, ${process.platform}`);
const load = new LoadProcess(`${folder}load.js`);
try {
  if (chosen.length > 0) await compareAll(load);
  if (named === undefined || named.includes(IDLE)) await compareIdle(load);
  await runLive(load);
} finally {
  await load.stop();
  rmSync(data, { recursive: true, force: true });
}
