import type { LoadProcess, ServerProcess } from "./child.ts";
import type { Scenario } from "./scenarios.ts";

/** How one server did in one round. Latencies in milliseconds. */
export interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server, in microseconds for each request. */
  readonly cpu: number;
  /** Part of one core that the server had; well below 1 at many connections, something else was what limited the run. */
  readonly busy: number;
  /** The same for the load generator. */
  readonly generatorBusy: number;
}

/** Medians over the rounds. `ratio` is the median of the rounds' ratios, since what disturbs a round disturbs both sides. */
export interface Comparison {
  readonly scenario: Scenario;
  readonly connections: number;
  readonly control: Sample;
  readonly restwave: Sample;
  readonly ratio: number;
}

export interface Servers {
  readonly control: ServerProcess;
  readonly restwave: ServerProcess;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Milliseconds. */
  readonly warmUp: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** Runs both servers in turn, round after round; who goes first changes from round to round. */
export async function compare(
  load: LoadProcess,
  servers: Servers,
  scenario: Scenario,
  connections: number,
  { rounds, warmUp, duration }: RoundOptions,
): Promise<Comparison> {
  const control: Sample[] = [];
  const restwave: Sample[] = [];
  const measure = (server: ServerProcess) => sample(load, server, scenario, connections, warmUp, duration);
  for (let round = 0; round < rounds; round += 1) {
    const steps = [
      async () => control.push(await measure(servers.control)),
      async () => restwave.push(await measure(servers.restwave)),
    ];
    for (const step of round % 2 === 0 ? steps : steps.toReversed()) await step();
  }
  return {
    scenario,
    connections,
    control: medianSample(control),
    restwave: medianSample(restwave),
    ratio: median(restwave.map((each, round) => each.perSecond / control[round]!.perSecond)),
  };
}

/** Measures one server once. */
export async function sample(
  load: LoadProcess,
  server: ServerProcess,
  scenario: Scenario,
  connections: number,
  warmUp: number,
  duration: number,
): Promise<Sample> {
  const first = server.nextNumber;
  const before = await server.usage(false);
  const startedAt = performance.now();
  const result = await load.run({ port: server.port, scenario: scenario.name, connections, warmUp, duration, first });
  const wall = (performance.now() - startedAt) * 1000;
  const cpu = (await server.usage(false)).cpu - before.cpu;
  server.nextNumber = result.next;
  return {
    perSecond: (result.count / result.elapsed) * 1000,
    p50: result.p50,
    p99: result.p99,
    cpu: cpu / (result.next - first),
    busy: cpu / wall,
    generatorBusy: result.cpu / (result.elapsed * 1000),
  };
}

export function medianSample(samples: readonly Sample[]): Sample {
  const of = (key: keyof Sample): number => median(samples.map((each) => each[key]));
  return {
    perSecond: of("perSecond"),
    p50: of("p50"),
    p99: of("p99"),
    cpu: of("cpu"),
    busy: of("busy"),
    generatorBusy: of("generatorBusy"),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @throws when the two servers do not give the same bytes for the same request. */
export async function assertSameAnswers(load: LoadProcess, servers: Servers, scenario: Scenario): Promise<void> {
  const numbers = [1, 2, 77, 4096].map((n) => n + Math.max(servers.control.nextNumber, servers.restwave.nextNumber));
  const expected = await load.answers(servers.control.port, scenario.name, numbers);
  const found = await load.answers(servers.restwave.port, scenario.name, numbers);
  for (const server of [servers.control, servers.restwave]) server.nextNumber = numbers.at(-1)! + 1;
  for (const [index, answer] of expected.entries()) {
    if (found[index] !== answer)
      throw new Error(`${scenario.name}: the control answers\n${answer}\nRestwave answers\n${found[index]}`);
  }
}
