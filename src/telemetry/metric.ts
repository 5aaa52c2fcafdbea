/** What tells the series of a metric apart. Names and values are fixed by the routes and by Restwave; nothing that a client sends is among them. */
export interface Labels {
  /** `"websocket"` or `"http"`. */
  readonly type?: string;
  /** A consumer's class. */
  readonly consumer?: string;
  /** One of its actions; `"_OTHER"` for what is none. */
  readonly action?: string;
  /** The status of an answer. */
  readonly status?: string;
  /** The close code of a socket; `"_OTHER"` for those of applications. */
  readonly code?: string;
  /** `"permission"`, `"object_permission"` or `"throttle"`. */
  readonly by?: string;
  /** The class of a permission or throttle. */
  readonly rule?: string;
  /** Where bytes wait: `"socket"` or `"events"`. */
  readonly queue?: string;
}

/** What is measured, by its names. */
export interface Metric {
  /** In Prometheus. */
  readonly name: string;
  /** In OpenTelemetry; null: another metric there tells it. */
  readonly otelName: string | null;
  /** As UCUM writes it: `"s"`, `"By"`, `"{request}"`. */
  readonly unit: string;
  readonly description: string;
  /** The labels that it has in Prometheus. */
  readonly labels: readonly (keyof Labels)[];
  /** Of a histogram: the upper bounds of its buckets. */
  readonly buckets?: readonly number[];
}

/** A value of now. */
export interface Reading {
  readonly value: number;
  readonly labels: Labels;
}

export type Measure = (amount: number, labels: Labels) => void;

/** Where measurements go: OpenTelemetry's meter, Prometheus' registry. */
export interface MetricSink {
  /** A sum that only grows. */
  counter(metric: Metric): Measure;
  /** A sum that goes up and down. */
  level(metric: Metric): Measure;
  histogram(metric: Metric): Measure;
  /** Values that are read when somebody asks for them. */
  gauge(metric: Metric, read: () => readonly Reading[]): void;
}

/** A label for what is none of the known values. */
export const OTHER = "_OTHER";
