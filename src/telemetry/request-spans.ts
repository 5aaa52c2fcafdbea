import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { RequestOutcome, SeenConnection, SeenRequest } from "../consumers/instrumentation.ts";
import { connectionAttributes, outcomeAttributes, requestAttributes, spanName } from "./rpc-attributes.ts";

/** What the spans of requests are made of, besides the requests. */
export interface SpanOptions {
  /** What a span has besides the usual. */
  readonly attributes: (request: SeenRequest) => Attributes;
  /** The trace that a request says it belongs to, as propagation headers. */
  readonly carrier: (request: SeenRequest) => Readonly<Record<string, string>> | null;
}

interface StartedSpan {
  readonly span: Span;
  /** What the request runs in. */
  readonly within: Context;
}

/** A span for each request, active while it is answered. */
export class RequestSpans {
  readonly #tracer: Tracer;
  readonly #options: SpanOptions;
  readonly #spans = new WeakMap<SeenRequest, StartedSpan>();
  readonly #handshakes = new WeakMap<SeenConnection, Handshake>();

  constructor(tracer: Tracer, options: SpanOptions) {
    this.#tracer = tracer;
    this.#options = options;
  }

  start(request: SeenRequest): void {
    const parent = this.#parentOf(request);
    const handshake = this.#handshakeOf(request.connection);
    const attributes = { ...handshake.attributes, ...requestAttributes(request), ...this.#options.attributes(request) };
    const options = { kind: SpanKind.SERVER, attributes, links: parent === null ? handshake.links : [] };
    const span = this.#tracer.startSpan(spanName(request), options, parent ?? ROOT_CONTEXT);
    this.#spans.set(request, { span, within: trace.setSpan(parent ?? context.active(), span) });
  }

  around<T>(request: SeenRequest, run: () => T): T {
    const started = this.#spans.get(request);
    return started === undefined ? run() : context.with(started.within, run);
  }

  finish(request: SeenRequest, outcome: RequestOutcome): void {
    const started = this.#spans.get(request);
    if (started === undefined) return;
    this.#spans.delete(request);
    const { span } = started;
    if (span.isRecording()) {
      span.setAttributes(outcomeAttributes(outcome));
      if (outcome.status >= 500) fail(span, outcome);
    }
    span.end();
  }

  /** Null: a trace of its own. */
  #parentOf(request: SeenRequest): Context | null {
    const carrier = this.#options.carrier(request);
    const named = carrier === null ? null : propagation.extract(ROOT_CONTEXT, carrier);
    if (named !== null && trace.getSpan(named) !== undefined) return named;
    const { scope } = request.connection;
    if (scope.type !== "http") return null;
    // An instrumentation of Node's HTTP server has begun a span already.
    if (trace.getSpan(context.active()) !== undefined) return context.active();
    return propagation.extract(ROOT_CONTEXT, scope.headers, FROM_HEADERS);
  }

  #handshakeOf(connection: SeenConnection): Handshake {
    const known = this.#handshakes.get(connection);
    if (known !== undefined) return known;
    // A socket lasts: the trace in which it was opened is over long before its requests are.
    const opened = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, connection.scope.headers, FROM_HEADERS));
    const links = opened === undefined ? [] : [{ context: opened }];
    const made = { links, attributes: connectionAttributes(connection) };
    this.#handshakes.set(connection, made);
    return made;
  }
}

/** What all requests of a connection have in common. */
interface Handshake {
  readonly links: Link[];
  readonly attributes: Attributes;
}

const FROM_HEADERS = {
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
};

function fail(span: Span, { thrown }: RequestOutcome): void {
  span.setStatus({ code: SpanStatusCode.ERROR, ...(thrown === null ? {} : { message: thrown.name }) });
  if (thrown === null) return;
  const { name, message, stack } = thrown;
  span.recordException({ name, message, ...(stack === undefined ? {} : { stack }) });
}
