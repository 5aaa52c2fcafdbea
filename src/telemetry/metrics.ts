import type { Metric } from "./metric.ts";

/** Seconds: those that OpenTelemetry's conventions for remote calls name, and one for what is faster. */
const DURATIONS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** All that is measured of a server. */
export const METRICS = {
  connections: {
    name: "restwave_connections",
    otelName: "restwave.server.connection.count",
    unit: "{connection}",
    description: "Connections that are open: sockets, and HTTP requests under way.",
    labels: ["type"],
  },
  refusedConnections: {
    name: "restwave_connections_refused_total",
    otelName: "restwave.server.connection.refused",
    unit: "{connection}",
    description: "Handshakes and HTTP requests that were answered with an error before a consumer took them.",
    labels: ["status"],
  },
  closedConnections: {
    name: "restwave_connections_closed_total",
    otelName: "restwave.server.connection.closed",
    unit: "{connection}",
    description: "Connections that have ended, by close code.",
    labels: ["type", "code"],
  },
  activeRequests: {
    name: "restwave_requests_in_flight",
    otelName: "restwave.server.request.active",
    unit: "{request}",
    description: "Requests that are being answered, with the streams that are open.",
    labels: ["consumer"],
  },
  requests: {
    name: "restwave_requests_total",
    otelName: null,
    unit: "{request}",
    description: "Requests that have their answer.",
    labels: ["consumer", "action", "status"],
  },
  duration: {
    name: "restwave_request_duration_seconds",
    otelName: "rpc.server.call.duration",
    unit: "s",
    description: "From when a request was read until it had its answer; of a stream, its last.",
    labels: ["consumer", "action"],
    buckets: DURATIONS,
  },
  refusals: {
    name: "restwave_refusals_total",
    otelName: "restwave.server.request.refused",
    unit: "{request}",
    description: "Requests that a permission or a throttle refused.",
    labels: ["consumer", "by", "rule"],
  },
  refusedFrames: {
    name: "restwave_frames_refused_total",
    otelName: "restwave.server.frame.refused",
    unit: "{frame}",
    description: "Frames that could not be read as a request, or came when too many were under way.",
    labels: ["status"],
  },
  subscriptions: {
    name: "restwave_subscriptions",
    otelName: "restwave.server.subscription.count",
    unit: "{subscription}",
    description: "Subscriptions that are open, those to observers among them.",
    labels: ["consumer", "action"],
  },
  resets: {
    name: "restwave_subscription_resets_total",
    otelName: "restwave.server.subscription.resets",
    unit: "{reset}",
    description: "Times that a subscription got everything afresh.",
    labels: [],
  },
  eventFrames: {
    name: "restwave_event_frames_total",
    otelName: "restwave.server.event.frames",
    unit: "{frame}",
    description: "Events of live subscriptions that were sent.",
    labels: [],
  },
  eventBytes: {
    name: "restwave_event_bytes_total",
    otelName: "restwave.server.event.size",
    unit: "By",
    description: "Bytes of those events.",
    labels: [],
  },
  eventLag: {
    name: "restwave_event_lag_seconds",
    otelName: "restwave.server.event.lag",
    unit: "s",
    description: "From when a commit was read from the change log until its events left for a socket.",
    labels: [],
    buckets: DURATIONS,
  },
  queuedBytes: {
    name: "restwave_queued_bytes",
    otelName: "restwave.server.queue.size",
    unit: "By",
    description: "Bytes that wait for readers, of all connections together.",
    labels: ["queue"],
  },
} as const satisfies Readonly<Record<string, Metric>>;
