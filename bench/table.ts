import type { Comparison } from "./compare.ts";
import type { IdleCost } from "./idle.ts";

/** At this number of connections the targets hold. */
const TARGET_CONNECTIONS = 50;
/** Bytes that an idle connection may cost over the control. */
const IDLE_TARGET = 12 * 1024;

export function printComparisons(comparisons: readonly Comparison[]): void {
  print([
    [
      "request",
      "conns",
      "control/s",
      "restwave/s",
      "ratio",
      "target",
      "",
      "cpu us c / r",
      "p50 ms c / r",
      "p99 ms c / r",
      "busy c / r / gen",
    ],
    ...comparisons.map(row),
  ]);
}

function row({ scenario, connections, control, restwave, ratio }: Comparison): string[] {
  const hasTarget = connections === TARGET_CONNECTIONS;
  return [
    scenario.name,
    String(connections),
    control.perSecond.toFixed(0),
    restwave.perSecond.toFixed(0),
    ratio.toFixed(2),
    hasTarget ? `>= ${scenario.target}` : "",
    hasTarget ? verdict(ratio >= scenario.target) : "",
    `${control.cpu.toFixed(1)} / ${restwave.cpu.toFixed(1)}`,
    `${control.p50.toFixed(2)} / ${restwave.p50.toFixed(2)}`,
    `${control.p99.toFixed(2)} / ${restwave.p99.toFixed(2)}`,
    `${percent(control.busy)} / ${percent(restwave.busy)} / ${percent(restwave.generatorBusy)}`,
  ];
}

export function printIdle(control: IdleCost, restwave: IdleCost): void {
  const over = restwave.rss - control.rss;
  print([
    ["idle connection", "control", "restwave", "over control", "target", ""],
    ["resident", kib(control.rss), kib(restwave.rss), kib(over), `<= ${kib(IDLE_TARGET)}`, verdict(over <= IDLE_TARGET)],
    ["heap + external", kib(control.heap), kib(restwave.heap), kib(restwave.heap - control.heap), "", ""],
  ]);
}

export function verdict(isMet: boolean): string {
  return isMet ? "met" : "MISSED";
}

export function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}

export function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** A table that Markdown understands. */
export function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length), 3));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  console.log(["", line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line), ""].join("\n"));
}
