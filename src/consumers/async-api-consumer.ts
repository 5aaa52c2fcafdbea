import type { MessageArguments } from "../protocol/arguments.ts";
import { MethodNotAllowed, ParseError, ValidationError } from "../protocol/exceptions.ts";
import { echoableAction, parseFrame } from "../protocol/frames.ts";
import { parseRequestId, type RequestId } from "../protocol/request-id.ts";
import type { BasePermission, PermissionClass } from "../permissions/base-permission.ts";
import { checkConnect } from "../permissions/check-connect.ts";
import { checkPermissions } from "../permissions/check-permissions.ts";
import { judgesObjects } from "../permissions/composite-permission.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";
import { checkThrottles } from "../throttling/check-throttles.ts";
import { ActionContext, RequestCancelled } from "./action-context.ts";
import { isAsyncGenerator } from "./action.ts";
import { type ActionDefinition, actionsOf, declareActions } from "./action-registry.ts";
import { AnsweringConsumer } from "./answering-consumer.ts";
import type { Connection, ConsumerSession } from "./connection.ts";
import { bindFields } from "./consumer-field.ts";
import { EndListeners } from "./end-listeners.ts";
import { OrderedLane } from "./ordered-lane.ts";
import { pumpStream } from "./pump-stream.ts";
import { Reply } from "./reply.ts";
import { readRequestHead, type RequestHead } from "./request-head.ts";
import { type RequestKind, requestKind } from "./request-kind.ts";
import { withinAction } from "./running-action.ts";
import { clipActionName, requireActionName, withoutEnvelope } from "./requested-action.ts";
import { runInTurn } from "./run-in-turn.ts";
import { isKeyed, type KeyedResource, runOnce } from "./run-once.ts";
import { whenTold } from "./told.ts";
import { RunningRequests } from "./running-requests.ts";
import { WatchedRequest } from "./watched-request.ts";

type MaybePromise<T> = T | Promise<T>;
type NamedRequest = readonly [action: unknown, args: MessageArguments];

/**
 * Serves one connection: takes request frames, calls the action that each names, and answers. One instance per connection.
 *
 * Extend it for a consumer without a model; `GenericAsyncAPIConsumer` adds queryset and serializer. Actions are class fields made by
 * `action(...)`. Every frame is answered, whatever is in it, and the connection stays open (DCRF closes it on bad input).
 */
export class AsyncAPIConsumer extends AnsweringConsumer implements ConsumerSession {
  /** Who may connect and call actions. Default: the server's `defaultPermissionClasses`. */
  permissionClasses: readonly PermissionClass[];
  /** How often actions may be called. Default: the server's `defaultThrottleClasses`. */
  throttleClasses: readonly (new () => BaseThrottle)[];
  /** Do actions wait for each other, in the order they came in (DCRF)? Default: the server's `ordered`. */
  ordered: boolean;
  readonly #running: RunningRequests;
  readonly #lane = new OrderedLane();
  readonly #ending = new EndListeners();
  #permissions: readonly BasePermission[] | null = null;
  #hasEnded = false;
  #followsCommits = false;

  constructor(connection: Connection) {
    super(connection);
    const { settings } = connection;
    this.#running = new RunningRequests(settings);
    this.permissionClasses = settings.defaultPermissionClasses;
    this.throttleClasses = settings.defaultThrottleClasses;
    this.ordered = settings.ordered;
  }

  /** Runs before the connection is accepted, after the permissions agreed. Throw an `APIException` to refuse. Does nothing by default. */
  async connect(): Promise<void> {}

  /** Runs once when the connection has ended, whoever ended it. Does nothing by default. */
  async disconnect(_code: number): Promise<void> {}

  /** Asks the permissions' `canConnect`, then {@link connect}. */
  async websocketConnect(): Promise<void> {
    actionsOf(this);
    bindFields(this);
    try {
      await checkConnect(this.getPermissions({}), this.scope, this);
      await this.connect();
    } catch (refusal) {
      await this.#ending.end();
      throw refusal;
    }
  }

  websocketReceive(frame: string | Uint8Array): void {
    if (typeof frame !== "string")
      return this.refuseFrame(new ParseError("Expected a text frame with a JSON object, but got a binary frame."));
    let content: Record<string, unknown>;
    try {
      content = parseFrame(frame, this.connection.settings.maxDepth);
    } catch (error) {
      return this.refuseFrame(error);
    }
    this.receiveJson(content);
  }

  async websocketDisconnect(code: number): Promise<void> {
    this.#hasEnded = true;
    this.#running.cancel(() => true);
    await this.#ending.end();
    await this.disconnect(code);
    await Promise.all([this.#running.whenEmpty(), this.whenInboxEmpty()]);
  }

  /** Calls `listener` when the connection has ended, before {@link disconnect}; at once when it has. For what a field or a mixin has begun. */
  whenEnded(listener: () => void | Promise<void>): void {
    this.#ending.add(listener);
  }

  /**
   * Looks again at everything that this connection is subscribed to, since the user or the user's rights have changed: what may no longer be
   * seen leaves, what has become visible enters. Does nothing where there are no subscriptions.
   */
  async refresh(): Promise<void> {}

  /** For observers: from now on it is known which action committed what, so that its answer goes before its events. */
  followCommits(): void {
    this.#followsCommits = true;
  }

  /** For observers: a frame as the socket carries it, with the stream's name on a multiplexed one. */
  wrapFrame(text: string): string {
    return this.connection.wrap?.(text) ?? text;
  }

  /** For observers: runs `send` when no answer has to go first: of an action that has committed something; if `ordered`, of any under way (DCRF). */
  deliverEvents(send: () => void | Promise<void>): void | Promise<void> {
    if (this.ordered) return this.#lane.runFirst(async () => send());
    return this.#running.whenCommitsAnswered()?.then(send) ?? send();
  }

  websocketDrain(): Promise<void> {
    return this.#running.whenAnswered();
  }

  websocketIdle(): Promise<void> {
    return this.#running.whenEmpty();
  }

  /** Takes one parsed frame. Never throws. */
  protected receiveJson(content: Record<string, unknown>): void {
    const head = readRequestHead(content, this.scope);
    const { requestId, credit } = head;
    if (head.error !== null) return this.refuseFrame(head.error, head);
    if (credit !== null && !("action" in content)) return this.#running.grant(requestId, credit);
    // In a frame of another layout the action is not known yet.
    const isNamed = this.getActionName === AsyncAPIConsumer.prototype.getActionName;
    const kind = isNamed ? requestKind(this, content["action"]) : "request";
    const refusal = this.#running.refusalOf(kind);
    if (refusal !== null) return this.refuseFrame(refusal, head);
    this.#serve(content, head, kind);
  }

  #serve(content: Record<string, unknown>, head: RequestHead, kind: RequestKind): void {
    try {
      const found = this.getActionName(content);
      if (!(found instanceof Promise)) return this.#begin(found, head, kind);
      this.#running.countWhile(found).then(
        (named) => this.#begin(named, head, kind),
        (error: unknown) => this.refuseFrame(error, { action: null, requestId: head.requestId }),
      );
    } catch (error) {
      this.refuseFrame(error, { action: null, requestId: head.requestId });
    }
  }

  #begin([name, args]: NamedRequest, { requestId, credit }: RequestHead, kind: RequestKind): void {
    let context: ActionContext;
    try {
      context = new ActionContext(requireActionName(name), requestId, credit);
    } catch (error) {
      return this.refuseFrame(error, { action: echoableAction(name), requestId });
    }
    this.#running.add(context, kind);
    const definition = typeof name === "string" ? actionsOf(this).get(name) : undefined;
    if (this.connection.settings.instrumentations.length > 0)
      context.watched = WatchedRequest.start(this.connection, {
        consumer: this,
        context,
        isKnown: definition !== undefined,
        args,
      });
    const { watched } = context;
    if (watched === null) void this.#answerOnce(definition, args, context, name);
    else void watched.run(() => this.#answerOnce(definition, args, context, name));
  }

  /** The one place in which every request ends: whatever happens is answered. */
  async #answerOnce(
    definition: ActionDefinition | undefined,
    args: MessageArguments,
    context: ActionContext,
    name: unknown,
  ): Promise<void> {
    try {
      await this.#handleAction(definition, args, context);
    } catch (error) {
      const reason = context.cancelled ? new RequestCancelled() : error;
      context.watched?.failed(reason);
      await this.answerFailure(reason, { action: echoableAction(name), requestId: context.requestId });
    } finally {
      context.watched?.finish();
      this.#running.delete(context);
    }
  }

  /**
   * Finds the action's name and its arguments in a frame. Override it for another frame layout.
   *
   * @throws MethodNotAllowed (405) when the frame has no action.
   */
  protected getActionName(content: Record<string, unknown>): MaybePromise<NamedRequest> {
    if (!("action" in content)) throw new MethodNotAllowed("", "Unable to find action in message body.");
    return [content["action"], content];
  }

  #handleAction(definition: ActionDefinition | undefined, args: MessageArguments, context: ActionContext): Promise<void> {
    const waits = definition?.detached !== true && (definition?.ordered ?? this.ordered);
    if (!waits) return this.#checkAndRun(definition, args, context);
    const run = (): Promise<void> => this.#checkAndRun(definition, args, context);
    return runInTurn(this.#lane, context, { hasEnded: () => this.#hasEnded, run });
  }

  /** DCRF's order of checks: permissions first, also for names that are no action; then the name; then throttles. */
  async #checkAndRun(definition: ActionDefinition | undefined, args: MessageArguments, context: ActionContext): Promise<void> {
    const checked = definition?.unguarded === true ? undefined : this.checkPermissions(context.action, args);
    if (checked instanceof Promise) await checked;
    if (definition === undefined) throw new MethodNotAllowed(clipActionName(context.action));
    if (this.throttleClasses.length > 0) await this.checkThrottles(context.action, args);
    const isFollowed = this.#followsCommits || this.getPermissions(args).some(judgesObjects);
    const within = isFollowed ? <T>(work: () => T): T => withinAction(context, work) : <T>(work: () => T): T => work();
    const called = within(() => this.runAction(definition, args, context));
    const result = called instanceof Promise ? await called : called;
    if (!isAsyncGenerator(result)) return this.answerResult(result, context);
    this.#running.markStream(context);
    await pumpStream(result, context, {
      next: (items) => within(() => items.next()),
      send: (item) => this.answerResult(item, context),
      whenWritable: () => this.connection.whenWritable?.(),
    });
  }

  /** Calls the member that serves an action. What it returns, or throws, is answered. */
  protected runAction(definition: ActionDefinition, args: MessageArguments, context: ActionContext): unknown {
    const member: unknown = Reflect.get(this, definition.property);
    if (typeof member !== "function") throw new MethodNotAllowed(definition.name);
    const run = (given: MessageArguments): unknown =>
      Reflect.apply(member, this, ["options" in member ? withoutEnvelope(given) : given, context]);
    if (!isKeyed(definition, args)) return run(args);
    const { scope, settings } = this.connection;
    return runOnce({ scope, settings, args, context, member, run, ...this.keyedResource(args) });
  }

  /** What idempotency keys count for here. */
  protected keyedResource(_args: MessageArguments): KeyedResource {
    return { resource: [this.constructor.name, ""], rows: null };
  }

  /**
   * Cancels the running request of this connection whose `request_id` is given as `cancel_request_id`; answers `{ cancelled: n }`. A cancelled
   * stream just ends; any other request is answered 499.
   */
  async cancel(args: { readonly cancel_request_id: RequestId }): Promise<Reply<{ cancelled: number }>> {
    if (!Object.hasOwn(args, "cancel_request_id")) throw new ValidationError({ cancel_request_id: ["This field is required."] });
    const wanted = parseRequestId(args.cancel_request_id);
    const cancelled = this.cancelRequests(({ action, requestId }) => requestId === wanted && action !== "cancel");
    return new Reply({ cancelled }, 200);
  }

  /** Cancels running requests of this connection. Gives how many there were. */
  protected cancelRequests(matches: (request: { readonly action: string; readonly requestId: RequestId }) => boolean): number {
    return this.#running.cancel(matches);
  }

  /** The action `settle` (PROTOCOL.md 10.19). */
  protected async settle(args: MessageArguments, context: ActionContext): Promise<Reply<{ settled: true }>> {
    await this.#running.whenRequestAnswered(parseRequestId(args["after_request_id"]), context);
    await whenTold(this.connection, context.signal);
    return new Reply({ settled: true }, 200);
  }

  /** The permissions to ask. Default: one instance of each of `permissionClasses`, made once per connection. */
  protected getPermissions(_args: MessageArguments): readonly BasePermission[] {
    this.#permissions ??= this.permissionClasses.map((Permission) => new Permission());
    return this.#permissions;
  }

  /** @throws PermissionDenied, or what a permission throws. */
  protected checkPermissions(action: string, args: MessageArguments): MaybePromise<void> {
    return checkPermissions(this.getPermissions(args), this.scope, this, action, args);
  }

  /** @throws Throttled */
  protected async checkThrottles(action: string, args: MessageArguments): Promise<void> {
    await checkThrottles(this.throttleClasses, this.scope, this, action, args);
  }
}

declareActions(AsyncAPIConsumer, {
  cancel: { detached: true, model: "cancel" },
  settle: { detached: true, unguarded: true, model: "settle" },
});
