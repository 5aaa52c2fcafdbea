import type { Attributes, Meter, MetricOptions } from "@opentelemetry/api";
import { type Labels, type Metric, type MetricSink, type Reading, type Measure } from "./metric.ts";
import { methodName, SYSTEM } from "./rpc-attributes.ts";

/** Measures with an OpenTelemetry meter. */
export class OtelSink implements MetricSink {
  readonly #meter: Meter;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  counter(metric: Metric): Measure {
    if (metric.otelName === null) return () => undefined;
    const counter = this.#meter.createCounter(metric.otelName, optionsOf(metric));
    return (amount, labels) => counter.add(amount, toAttributes(labels));
  }

  level(metric: Metric): Measure {
    if (metric.otelName === null) return () => undefined;
    const level = this.#meter.createUpDownCounter(metric.otelName, optionsOf(metric));
    return (amount, labels) => level.add(amount, toAttributes(labels));
  }

  histogram(metric: Metric): Measure {
    if (metric.otelName === null) return () => undefined;
    const histogram = this.#meter.createHistogram(metric.otelName, optionsOf(metric));
    return (value, labels) => histogram.record(value, toAttributes(labels));
  }

  gauge(metric: Metric, read: () => readonly Reading[]): void {
    if (metric.otelName === null) return;
    const gauge = this.#meter.createObservableUpDownCounter(metric.otelName, optionsOf(metric));
    gauge.addCallback((result) => {
      for (const { value, labels } of read()) result.observe(value, toAttributes(labels));
    });
  }
}

function optionsOf({ unit, description, buckets }: Metric): MetricOptions {
  return { unit, description, ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }) };
}

function toAttributes({ type, consumer, action, status, code, by, rule, queue }: Labels): Attributes {
  const attributes: Attributes = {};
  if (type !== undefined) attributes["network.protocol.name"] = type;
  if (consumer !== undefined) attributes["restwave.consumer"] = consumer;
  if (consumer !== undefined && action !== undefined) {
    attributes["rpc.system.name"] = SYSTEM;
    attributes["rpc.method"] = methodName(consumer, action);
  }
  if (status !== undefined) attributes["rpc.response.status_code"] = status;
  if (status?.startsWith("5") === true) attributes["error.type"] = status;
  if (code !== undefined) attributes["restwave.close_code"] = code;
  if (by !== undefined) attributes["restwave.refusal.by"] = by;
  if (rule !== undefined) attributes["restwave.refusal.rule"] = rule;
  if (queue !== undefined) attributes["restwave.queue"] = queue;
  return attributes;
}
