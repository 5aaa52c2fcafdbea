import type { ExplainedStep, Explanation } from "../../src/explorer/inspection.ts";

/** What each rule of an explanation said, in short, without those of the connection: `"filter done: no"`. */
export function toldSteps({ steps }: Explanation): string[] {
  return steps.filter(({ kind }) => kind !== "connection").map(shortly);
}

function shortly({ kind, name, passed, operands }: ExplainedStep): string {
  const inner = operands === undefined ? "" : ` [${operands.map(shortly).join("; ")}]`;
  return `${kind} ${name}: ${passed === null ? "?" : passed ? "yes" : "no"}${inner}`;
}
