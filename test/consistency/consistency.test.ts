import { expect, onTestFinished, test } from "vitest";
import { describeWith, services } from "../services.ts";
import { runConsistency } from "./consistency-run.ts";
import type { Engine } from "./domain-tables.ts";

const seed = Number(process.env["RESTWAVE_CONSISTENCY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const seconds = Number(process.env["RESTWAVE_CONSISTENCY_SECONDS"] ?? 12);
const events = Number(process.env["RESTWAVE_CONSISTENCY_EVENTS"] ?? 0);
const clientCuts = Number(process.env["RESTWAVE_CLIENT_CUTS"] ?? 0);
const chaos = { cut: 0.02, pause: 0.01, kill: 0.0015 };
const isLong = events > 0 || clientCuts > 0 || seconds > 30;
const hours = 3_600_000;

function everyReaderSeesTheTruth(engine: Engine): void {
  test(
    "every reader ends at the list that a fresh request gives, and no event was lost, doubled, torn or out of order",
    { timeout: isLong ? 12 * hours : 120_000 },
    async () => {
      console.log(`${engine}: RESTWAVE_CONSISTENCY_SEED=${seed}`);
      const onProgress = isLong ? (line: string) => console.log(line) : () => {};
      const report = await runConsistency({
        engine,
        seed,
        seconds,
        events,
        clientCuts,
        chaos,
        tasks: 120,
        patience: 30_000,
        onProgress,
      });
      onTestFinished(() => console.log(`${engine}: seed ${seed}: ${JSON.stringify(report.totals)}`));
      expect(report.problems.slice(0, 20)).toEqual([]);
      expect(report.totals["events"]).toBeGreaterThan(0);
      expect(report.totals["clientCuts"]).toBeGreaterThan(0);
    },
  );
}

describeWith(services.postgres, "under a random workload on PostgreSQL", () => everyReaderSeesTheTruth("postgres"));
everyReaderSeesTheTruth("sqlite");
