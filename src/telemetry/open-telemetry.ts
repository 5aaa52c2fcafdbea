import { createNoopMeter, type MeterProvider, metrics, trace, type TracerProvider } from "@opentelemetry/api";
import type { Instrumentation, RequestOutcome, SeenRequest } from "../consumers/instrumentation.ts";
import type { Scope } from "../protocol/scope.ts";
import { OtelSink } from "./otel-sink.ts";
import { RequestSpans } from "./request-spans.ts";
import { ServerMetrics } from "./server-metrics.ts";

/** What {@link openTelemetry} is told. */
export interface OpenTelemetryOptions {
  /** Make spans? Default true. */
  readonly traces?: boolean;
  /** Measure? Default true. */
  readonly metrics?: boolean;
  /** Default: the one that is registered globally. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the one that is registered globally. */
  readonly meterProvider?: MeterProvider;
  /** Say `client.address` in spans. Personal data. Default false. */
  readonly clientAddress?: boolean;
  /** Says `user.id` in spans: `({ user }) => (user === null ? null : String(user.id))`. Personal data. Default: it is not said. */
  readonly userId?: (scope: Scope) => string | null;
  /**
   * The trace that one request says it belongs to, as propagation headers: `({ args }) => ({ traceparent: String(args.traceparent) })`. What is none is
   * left aside. Default: requests on a socket begin traces of their own, those over HTTP belong to that of their headers.
   */
  readonly carrier?: (request: SeenRequest) => Readonly<Record<string, string>> | null;
}

/**
 * Traces and measures a server through `@opentelemetry/api`, with whatever SDK the application has registered; without one it does nothing.
 *
 * Each request is a span, `UserConsumer/list`, which is active while its permissions, throttles and action run: what they call belongs to it.
 *
 * ```ts
 * await serve({ routes, instrumentations: [openTelemetry()] });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
  return new OpenTelemetry(options);
}

/** The name of the instrumentation scope. */
const SCOPE = "restwave";

class OpenTelemetry extends ServerMetrics {
  readonly #spans: RequestSpans | null;

  constructor(options: OpenTelemetryOptions) {
    const meters = options.meterProvider ?? metrics;
    super(new OtelSink(options.metrics === false ? createNoopMeter() : meters.getMeter(SCOPE)));
    this.#spans = options.traces === false ? null : spansOf(options);
  }

  override requestStarted(request: SeenRequest): void {
    super.requestStarted(request);
    this.#spans?.start(request);
  }

  aroundRequest<T>(request: SeenRequest, run: () => T): T {
    return this.#spans === null ? run() : this.#spans.around(request, run);
  }

  override requestFinished(request: SeenRequest, outcome: RequestOutcome): void {
    super.requestFinished(request, outcome);
    this.#spans?.finish(request, outcome);
  }
}

function spansOf({ tracerProvider, clientAddress = false, userId, carrier }: OpenTelemetryOptions): RequestSpans {
  const tracers = tracerProvider ?? trace;
  return new RequestSpans(tracers.getTracer(SCOPE), {
    carrier: carrier ?? (() => null),
    attributes: ({ connection: { scope } }) => {
      const user = userId?.(scope) ?? null;
      return {
        ...(clientAddress ? { "client.address": scope.client.address } : {}),
        ...(user === null ? {} : { "user.id": user }),
      };
    },
  });
}
