import type { ServerProcess } from "../child.ts";
import { median, medianSample, type Sample, sample } from "../compare.ts";
import { scenarioNamed } from "../scenarios.ts";
import { percent, verdict } from "../table.ts";
import type { LiveBench } from "./live-bench.ts";

const CONNECTIONS = 50;

/** A server under one of the circumstances that are compared. */
export interface Case {
  readonly name: string;
  readonly server: ServerProcess;
}

/** What is aimed at: the last case's cost of a write, as a multiple of the first's. */
export interface CaseTarget {
  readonly most: number;
  /** The server's own processor time, or the time between two answers, where another process does a part of the work. */
  readonly of: "cpu" | "time";
}

export const CASE_COLUMNS = [
  "conns",
  "writes/s",
  "cpu us",
  "cpu ratio",
  "time ratio",
  "target",
  "",
  "p50 ms",
  "p99 ms",
  "busy",
] as const;

/**
 * Writes to each server in turn, round after round; the order changes from round to round. @returns a row of the table for each case; ratios are
 * the medians of the rounds' ratios to the first case.
 */
export async function measureCases(
  { options }: LiveBench,
  scenarioName: string,
  cases: readonly Case[],
  target: CaseTarget,
): Promise<string[][]> {
  const { load, isQuick, rounds = isQuick ? 2 : 5 } = options;
  const scenario = scenarioNamed(scenarioName);
  const write = (server: ServerProcess, duration: number) => sample(load, server, scenario, CONNECTIONS, 200, duration);
  const measured = cases.map((each) => ({ ...each, samples: [] as Sample[] }));
  // Compiled code is what a server runs all day.
  for (const { server } of measured) await write(server, isQuick ? 700 : 2000);
  for (let round = 0; round < rounds; round += 1) {
    console.error(`${scenarioName}, round ${round + 1} of ${rounds} ...`);
    for (const { server, samples } of round % 2 === 0 ? measured : measured.toReversed()) {
      samples.push(await write(server, isQuick ? 400 : 1000));
    }
  }
  const base = measured[0]?.samples ?? [];
  return measured.map(({ name, samples }, index) => row(name, samples, base, index === 0 ? null : target));
}

function row(name: string, samples: readonly Sample[], base: readonly Sample[], target: CaseTarget | null): string[] {
  const found = medianSample(samples);
  const ratio = {
    cpu: median(samples.map(({ cpu }, round) => cpu / base[round]!.cpu)),
    time: median(samples.map(({ perSecond }, round) => base[round]!.perSecond / perSecond)),
  };
  return [
    name,
    String(CONNECTIONS),
    found.perSecond.toFixed(0),
    found.cpu.toFixed(1),
    ratio.cpu.toFixed(2),
    ratio.time.toFixed(2),
    target === null ? "" : `${target.of} <= ${target.most}`,
    target === null ? "" : verdict(ratio[target.of] <= target.most),
    found.p50.toFixed(2),
    found.p99.toFixed(2),
    percent(found.busy),
  ];
}
