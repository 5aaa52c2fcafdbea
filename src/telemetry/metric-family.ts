import { boundText, type ExpositionFormat, type FamilyType, headOf, labelText, sampleOf, withLabel } from "./exposition.ts";
import type { Labels, Metric, Reading } from "./metric.ts";

/** A metric with its values, ready to be written. */
export interface MetricFamily {
  write(format: ExpositionFormat): string;
}

/** Values by their labels. */
class Series<T> {
  readonly #names: readonly (keyof Labels)[];
  readonly #make: () => T;
  readonly #values = new Map<string, T>();

  constructor({ labels }: Metric, make: () => T) {
    this.#names = labels;
    this.#make = make;
    // What has no labels is there from the start, so that its first increase is seen as one.
    if (labels.length === 0) this.of({});
  }

  of(labels: Labels): T {
    const key = labelText(this.#names, labels);
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const made = this.#make();
    this.#values.set(key, made);
    return made;
  }

  write(line: (labels: string, value: T) => string): string {
    return [...this.#values].map(([labels, value]) => line(labels, value)).join("");
  }
}

/** A counter, or a gauge that is counted up and down. */
export class SumFamily implements MetricFamily {
  readonly #metric: Metric;
  readonly #type: FamilyType;
  readonly #sums: Series<{ value: number }>;

  constructor(metric: Metric, type: "counter" | "gauge") {
    this.#metric = metric;
    this.#type = type;
    this.#sums = new Series(metric, () => ({ value: 0 }));
  }

  add(amount: number, labels: Labels): void {
    this.#sums.of(labels).value += amount;
  }

  write(format: ExpositionFormat): string {
    const { name } = this.#metric;
    return headOf(this.#metric, this.#type, format) + this.#sums.write((labels, { value }) => sampleOf(name, labels, value));
  }
}

/** A gauge that is read when it is written. */
export class ReadFamily implements MetricFamily {
  readonly #metric: Metric;
  readonly #read: () => readonly Reading[];

  constructor(metric: Metric, read: () => readonly Reading[]) {
    this.#metric = metric;
    this.#read = read;
  }

  write(format: ExpositionFormat): string {
    const { name, labels: names } = this.#metric;
    const samples = this.#read().map(({ value, labels }) => sampleOf(name, labelText(names, labels), value));
    return headOf(this.#metric, "gauge", format) + samples.join("");
  }
}

interface Observations {
  /** For each bucket, and for what is above all. */
  readonly counts: number[];
  sum: number;
}

export class HistogramFamily implements MetricFamily {
  readonly #metric: Metric;
  readonly #bounds: readonly number[];
  readonly #series: Series<Observations>;

  constructor(metric: Metric) {
    const bounds = metric.buckets ?? [];
    this.#metric = metric;
    this.#bounds = bounds;
    this.#series = new Series(metric, () => ({ counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 }));
  }

  observe(value: number, labels: Labels): void {
    const observations = this.#series.of(labels);
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = found === -1 ? this.#bounds.length : found;
    observations.counts[bucket] = (observations.counts[bucket] ?? 0) + 1;
    observations.sum += value;
  }

  write(format: ExpositionFormat): string {
    const samples = this.#series.write((labels, observations) => this.#samples(labels, observations, format));
    return headOf(this.#metric, "histogram", format) + samples;
  }

  /** Each bucket counts those below it too. */
  #samples(labels: string, { counts, sum }: Observations, format: ExpositionFormat): string {
    const { name } = this.#metric;
    let count = 0;
    const lines = [...this.#bounds, Infinity].map((bound, index) => {
      count += counts[index] ?? 0;
      return sampleOf(`${name}_bucket`, withLabel(labels, "le", boundText(bound, format)), count);
    });
    return lines.join("") + sampleOf(`${name}_sum`, labels, sum) + sampleOf(`${name}_count`, labels, count);
  }
}
