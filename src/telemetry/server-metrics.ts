import type {
  Instrumentation,
  RefusedConnection,
  RequestOutcome,
  SeenConnection,
  SeenRequest,
  SeenSubscription,
} from "../consumers/instrumentation.ts";
import type { APIException } from "../protocol/exceptions.ts";
import { closeCodeLabel, statusLabel } from "./label-values.ts";
import { type MetricSink, OTHER, type Reading } from "./metric.ts";
import { METRICS } from "./metrics.ts";

/** Measures a server. */
export class ServerMetrics implements Instrumentation {
  readonly #open = new Set<SeenConnection>();
  readonly #record: ReturnType<typeof recorders>;

  constructor(sink: MetricSink) {
    this.#record = recorders(sink);
    sink.gauge(METRICS.queuedBytes, () => this.#queued());
  }

  connectionOpened(connection: SeenConnection): void {
    this.#open.add(connection);
    this.#record.connections(1, { type: connection.scope.type });
  }

  connectionClosed(connection: SeenConnection, code: number): void {
    if (!this.#open.delete(connection)) return;
    const { type } = connection.scope;
    this.#record.connections(-1, { type });
    this.#record.closedConnections(1, { type, code: closeCodeLabel(code) });
  }

  connectionRefused({ status }: RefusedConnection): void {
    this.#record.refusedConnections(1, { status: statusLabel(status) });
  }

  requestStarted({ consumer }: SeenRequest): void {
    this.#record.activeRequests(1, { consumer });
  }

  requestFinished({ consumer, action, isKnown }: SeenRequest, { status, duration, refusal }: RequestOutcome): void {
    this.#record.activeRequests(-1, { consumer });
    const labels = { consumer, action: isKnown ? action : OTHER, status: statusLabel(status) };
    this.#record.requests(1, labels);
    this.#record.duration(duration / 1000, labels);
    if (refusal !== null) this.#record.refusals(1, { consumer, by: refusal.by, rule: refusal.name });
  }

  frameRefused(_connection: SeenConnection, { status }: APIException): void {
    this.#record.refusedFrames(1, { status: statusLabel(status) });
  }

  subscriptionOpened({ consumer, action }: SeenSubscription): void {
    this.#record.subscriptions(1, { consumer, action });
  }

  subscriptionClosed({ consumer, action }: SeenSubscription): void {
    this.#record.subscriptions(-1, { consumer, action });
  }

  eventsSent(
    _connection: SeenConnection,
    { frames, bytes, lag }: { readonly frames: number; readonly bytes: number; readonly lag: number | null },
  ): void {
    this.#record.eventFrames(frames, {});
    this.#record.eventBytes(bytes, {});
    if (lag !== null) this.#record.eventLag(lag / 1000, {});
  }

  subscriptionReset(_connection: SeenConnection): void {
    this.#record.resets(1, {});
  }

  #queued(): readonly Reading[] {
    let [socket, events] = [0, 0];
    for (const { bufferedBytes, queuedEventBytes } of this.#open) {
      socket += bufferedBytes;
      events += queuedEventBytes;
    }
    return [
      { value: socket, labels: { queue: "socket" } },
      { value: events, labels: { queue: "events" } },
    ];
  }
}

function recorders(sink: MetricSink) {
  return {
    connections: sink.level(METRICS.connections),
    refusedConnections: sink.counter(METRICS.refusedConnections),
    closedConnections: sink.counter(METRICS.closedConnections),
    activeRequests: sink.level(METRICS.activeRequests),
    requests: sink.counter(METRICS.requests),
    duration: sink.histogram(METRICS.duration),
    refusals: sink.counter(METRICS.refusals),
    refusedFrames: sink.counter(METRICS.refusedFrames),
    subscriptions: sink.level(METRICS.subscriptions),
    resets: sink.counter(METRICS.resets),
    eventFrames: sink.counter(METRICS.eventFrames),
    eventBytes: sink.counter(METRICS.eventBytes),
    eventLag: sink.histogram(METRICS.eventLag),
  };
}
