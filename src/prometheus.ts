export { prometheus, type Prometheus, type PrometheusOptions } from "./telemetry/prometheus.ts";
