import { revocationKey, type RevokeOptions, type UserId } from "../../layers/revoke-user.ts";
import { tellRefusal } from "../../consumers/tell-refusal.ts";
import { WatchedConnection } from "../../consumers/watched-connection.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { APIException, NotAcceptable, NotFound, ServiceUnavailable } from "../../protocol/exceptions.ts";
import { parseJson } from "../../protocol/json.ts";
import { liveSubprotocol } from "../../protocol/live-subprotocol.ts";
import type { Identity } from "../../protocol/scope.ts";
import { Revocations, type RevocationTarget } from "../node-ws/revocations.ts";
import type { PeerAddress } from "../node-ws/websocket-scope.ts";
import { withinTime } from "../node-ws/within-time.ts";
import { AcceptedTypes } from "./accepted-types.ts";
import type { AnswerFrame } from "./answer-frame.ts";
import { allowedMethods, type Endpoint, endpointAt } from "./endpoint.ts";
import { HttpCall, type RequestedCall } from "./http-call.ts";
import type { ResolvedHttpOptions } from "./http-options.ts";
import { HttpResponses, withoutBody } from "./http-responses.ts";
import { HttpScope } from "./http-scope.ts";
import { HttpStream } from "./http-stream.ts";
import { lookupSegment } from "./lookup-argument.ts";
import { OpenStreams } from "./open-streams.ts";
import { OriginPolicy } from "./origin-policy.ts";
import { type Choice, chooseAction, requestedCall } from "./requested-call.ts";
import { type FoundResource, ResourceTable } from "./resource-table.ts";
import { itemFormat, liveFormat, type StreamFormat } from "./stream-format.ts";
import { withDeadline } from "./with-deadline.ts";

/** What is known of a request besides itself. */
export interface RequestInfo {
  /** Who sent it. Default: nobody knows, and throttles count all anonymous clients as one. */
  readonly client?: PeerAddress;
}

/** A request on its way to its answer. */
interface Exchange {
  readonly request: Request;
  readonly url: URL;
  readonly found: FoundResource;
  readonly accepted: AcceptedTypes;
  readonly client: PeerAddress;
  /** The methods that its path allows, once they are known. */
  allow: readonly string[];
  hasFilters: boolean;
  /** Has the consumer accepted it? */
  isAccepted: boolean;
}

/** Answers HTTP requests by calling consumers, owns the calls that are under way, and ends them in order. */
export class HttpHost implements RevocationTarget {
  private readonly options: ResolvedHttpOptions;
  private readonly resources: ResourceTable;
  private readonly origins: OriginPolicy;
  private readonly responses: HttpResponses;
  private readonly revocations: Revocations;
  private readonly streams: OpenStreams;
  private readonly calls = new Set<HttpCall>();
  private closed: Promise<void> | null = null;
  private onEmpty: () => void = () => {};

  constructor(options: ResolvedHttpOptions) {
    this.options = options;
    this.resources = new ResourceTable(options.routes);
    this.origins = new OriginPolicy(options);
    this.responses = new HttpResponses(options.wwwAuthenticate);
    this.revocations = new Revocations(options.settings, this);
    this.streams = new OpenStreams(options.limits);
  }

  /** Requests under way, with the streams that are open. */
  get connections(): number {
    return this.calls.size;
  }

  /** @returns null for a path that leads to no resource. */
  async answer(request: Request, { client = { address: "", port: 0 } }: RequestInfo = {}): Promise<Response | null> {
    const url = new URL(request.url);
    const found = this.find(url.pathname);
    if (found === null) return null;
    const accepted = new AcceptedTypes(request.headers.get("accept"));
    const peer = peerOf(request.headers, client, this.options.trustProxy);
    const exchange: Exchange = { request, url, found, accepted, client: peer, allow: [], hasFilters: false, isAccepted: false };
    const response = await this.respond(exchange);
    this.origins.mark(response.headers, request);
    return request.method === "HEAD" ? withoutBody(response) : response;
  }

  revoke(userId: UserId, options: RevokeOptions = {}): Promise<void> {
    return this.revocations.revoke(userId, options);
  }

  apply(user: string | null, close: boolean): void {
    for (const call of this.calls) {
      const key = revocationKey(call.scope.user);
      if (key === null || (user !== null && key !== user)) continue;
      if (close) call.revoke();
      else if (call.isStream) void call.reexamine(() => this.prove(call.scope));
    }
  }

  /** Refuses new requests, ends the streams, and waits for the requests under way, at most `drainTimeout`. */
  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private async drain(): Promise<void> {
    for (const call of this.calls) if (call.isStream) void call.end(CloseCode.goingAway);
    const empty = new Promise<void>((resolve) => {
      this.onEmpty = resolve;
    });
    if (this.calls.size > 0) await withinTime(empty, this.options.limits.drainTimeout);
    for (const call of this.calls) void call.end(CloseCode.goingAway);
    await this.revocations.stop();
  }

  private find(path: string): FoundResource | null {
    const { prefix } = this.options;
    return path.startsWith(prefix) ? this.resources.find(path.slice(prefix.length)) : null;
  }

  /** Never rejects. */
  private async respond(exchange: Exchange): Promise<Response> {
    try {
      return await this.serve(exchange);
    } catch (error) {
      const { allow, hasFilters, isAccepted, url } = exchange;
      const { refusal, errorId } = this.toRefusal(error, exchange);
      if (!isAccepted) tellRefusal(this.options.settings, url.pathname, refusal);
      const { status, errors } = refusal;
      return this.responses.error({ status, errors, errorId }, { refusal: errorId === null ? refusal : null, allow, hasFilters });
    }
  }

  private toRefusal(error: unknown, { url }: Exchange): { readonly refusal: APIException; readonly errorId: string | null } {
    if (error instanceof APIException) return { refusal: error, errorId: null };
    const { logger, ids } = this.options.settings;
    const errorId = ids();
    logger.error({ errorId, path: url.pathname, error }, "An HTTP request failed.");
    return { refusal: new APIException(`${APIException.defaultDetail} Error id: ${errorId}`), errorId };
  }

  private async serve(exchange: Exchange): Promise<Response> {
    const { request, url, accepted } = exchange;
    const wantsEvents = request.method === "GET" && accepted.prefersEvents;
    const call = new HttpCall(this.toScope(exchange, wantsEvents), this.options.settings, exchange.found.consumerClass);
    const endpoint = endpointAt(call.consumer, exchange.found.rest);
    if (endpoint === null) throw new NotFound();
    exchange.allow = allowedMethods(endpoint);
    if (request.method === "OPTIONS") return this.describe(exchange);
    this.origins.demandMayWrite(request, url);
    if (!accepted.takesSomething) throw new NotAcceptable();
    const choice = chooseAction(endpoint, request, url.searchParams, wantsEvents);
    if (choice.isLive) this.streams.demandRoom();
    return this.run(call, exchange, choice, endpoint);
  }

  private describe({ request, allow }: Exchange): Response {
    return this.responses.empty(204, { allow: allow.join(", "), ...this.origins.preflight(request, allow) });
  }

  private async run(call: HttpCall, exchange: Exchange, choice: Choice, endpoint: Endpoint): Promise<Response> {
    const { request } = exchange;
    const giveUp = (): void => void this.end(call);
    this.admit(call);
    request.signal.addEventListener("abort", giveUp);
    try {
      await this.connect(call);
      exchange.isAccepted = true;
      const requested = await this.read(call, exchange, choice);
      exchange.hasFilters = Object.hasOwn(requested.args, "filters") && !choice.isCustom;
      const answer = await call.ask(requested);
      if (answer === null) return this.responses.empty(204);
      const format = this.formatOf(answer, choice, exchange);
      return format === null ? this.toResponse(call, answer, exchange, endpoint) : this.stream(call, answer, format);
    } finally {
      if (!call.isStream) {
        request.signal.removeEventListener("abort", giveUp);
        void this.end(call);
      }
    }
  }

  private async read(call: HttpCall, exchange: Exchange, choice: Choice): Promise<RequestedCall> {
    try {
      return await requestedCall(choice, this.sourceOf(call, exchange));
    } catch (error) {
      WatchedConnection.of(call.connection)?.refuse(error instanceof APIException ? error : new APIException());
      throw error;
    }
  }

  /** @throws ServiceUnavailable (503) when there is no room. */
  private admit(call: HttpCall): void {
    if (this.closed !== null) throw new ServiceUnavailable("The server is going away.");
    if (this.calls.size >= this.options.limits.maxConnections) throw new ServiceUnavailable("The server is full.");
    this.calls.add(call);
  }

  private async connect(call: HttpCall): Promise<void> {
    const connected = async (): Promise<void> => {
      await this.revocations.listen();
      await this.revocations.ask(
        () => this.prove(call.scope),
        (identity) => call.scope.identify(identity),
      );
      await call.connect();
    };
    const late = (): APIException => new ServiceUnavailable("The request took too long to be accepted.");
    await withDeadline(connected(), this.options.limits.handshakeTimeout, late);
  }

  private async prove(scope: HttpScope): Promise<Identity | null> {
    return this.options.authenticate(scope);
  }

  private sourceOf({ consumer }: HttpCall, { request, url }: Exchange): Parameters<typeof requestedCall>[1] {
    const { limits, settings } = this.options;
    return { consumer, request, query: url.searchParams, limits: { ...limits, maxDepth: settings.maxDepth - 1 } };
  }

  private formatOf({ status }: AnswerFrame, { isLive }: Choice, { accepted, url }: Exchange): StreamFormat | null {
    if (status === 206) return itemFormat(accepted);
    return isLive && status === 201 ? liveFormat(url.searchParams.get("frames") === "true") : null;
  }

  private stream(call: HttpCall, first: AnswerFrame, format: StreamFormat): Response {
    this.streams.demandRoom();
    call.isStream = true;
    const stream: HttpStream = new HttpStream(call, format, this.options.limits, () => {
      this.streams.delete(stream);
      void this.end(call);
    });
    this.streams.add(stream);
    return this.responses.stream(stream.begin(first), format.contentType);
  }

  private toResponse(call: HttpCall, answer: AnswerFrame, exchange: Exchange, { kind }: Endpoint): Response {
    const { allow, hasFilters, found } = exchange;
    const { status, data } = answer;
    if (status >= 400) return this.responses.error(answer, { refusal: call.connection.refusal, allow, hasFilters });
    const replayed = answer.isReplayed ? { "idempotency-replayed": "true" } : {};
    if (status === 204 || status === 304) return this.responses.empty(status, replayed);
    const key = status === 201 && kind === "list" ? lookupSegment(call.consumer, parseJson(data)) : null;
    const location = key === null ? {} : { location: `${this.options.prefix}${found.path}${key}/` };
    return this.responses.json(status, data, { ...replayed, ...location });
  }

  private async end(call: HttpCall): Promise<void> {
    await call.end();
    this.calls.delete(call);
    if (this.calls.size === 0) this.onEmpty();
  }

  private toScope({ request, url, client, found }: Exchange, isLive: boolean): HttpScope {
    // Events are read one by one; a stream of pages needs its end to be told.
    return new HttpScope(request, { url, client, pathParams: found.pathParams, subprotocol: isLive ? null : liveSubprotocol });
  }
}

/** Only the last entry is the word of a trusted proxy. */
function peerOf(headers: Headers, client: PeerAddress, trustProxy: boolean): PeerAddress {
  const forwarded = trustProxy ? headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  return forwarded ? { address: forwarded, port: 0 } : client;
}
