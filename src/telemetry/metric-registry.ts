import type { ExpositionFormat } from "./exposition.ts";
import type { Measure, Metric, MetricSink, Reading } from "./metric.ts";
import { HistogramFamily, type MetricFamily, ReadFamily, SumFamily } from "./metric-family.ts";

/** Keeps what is measured until Prometheus asks for it. */
export class MetricRegistry implements MetricSink {
  readonly #families: MetricFamily[] = [];

  counter(metric: Metric): Measure {
    return this.#sum(metric, "counter");
  }

  level(metric: Metric): Measure {
    return this.#sum(metric, "gauge");
  }

  histogram(metric: Metric): Measure {
    const family = new HistogramFamily(metric);
    this.#families.push(family);
    return (value, labels) => family.observe(value, labels);
  }

  gauge(metric: Metric, read: () => readonly Reading[]): void {
    this.#families.push(new ReadFamily(metric, read));
  }

  write(format: ExpositionFormat): string {
    const text = this.#families.map((family) => family.write(format)).join("");
    return format === "openmetrics" ? `${text}# EOF\n` : text;
  }

  #sum(metric: Metric, type: "counter" | "gauge"): Measure {
    const family = new SumFamily(metric, type);
    this.#families.push(family);
    return (amount, labels) => family.add(amount, labels);
  }
}
