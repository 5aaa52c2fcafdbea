import type { Labels, Metric } from "./metric.ts";

/** How metrics are written: as Prometheus has always read them, or in the standard that came of it. */
export type ExpositionFormat = "text" | "openmetrics";

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What a metric is, as the formats name it. */
export type FamilyType = "counter" | "gauge" | "histogram";

/** The lines before the values of a metric. */
export function headOf({ name, description }: Metric, type: FamilyType, format: ExpositionFormat): string {
  // There a counter's family has the name without what its values end with.
  const family = format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
  return `# HELP ${family} ${description.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${family} ${type}\n`;
}

/** One value. `labels` as {@link labelText} gives them. */
export function sampleOf(name: string, labels: string, value: number): string {
  return `${name}${labels === "" ? "" : `{${labels}}`} ${numberText(value)}\n`;
}

/** The labels that a metric has, in its order: `consumer="UserConsumer",status="200"`. */
export function labelText(names: readonly (keyof Labels)[], labels: Labels): string {
  let text = "";
  for (const name of names) text += `${text === "" ? "" : ","}${name}="${escapeValue(labels[name] ?? "")}"`;
  return text;
}

/** Labels with one more. */
export function withLabel(labels: string, name: string, value: string): string {
  const added = `${name}="${escapeValue(value)}"`;
  return labels === "" ? added : `${labels},${added}`;
}

/** The upper bound of a bucket. */
export function boundText(bound: number, format: ExpositionFormat): string {
  const text = numberText(bound);
  return format === "openmetrics" && Number.isInteger(bound) ? `${text}.0` : text;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

const SPECIAL = /[\\\n"]/;

function escapeValue(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
