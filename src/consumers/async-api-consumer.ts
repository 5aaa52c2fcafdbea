import type { MessageArguments } from "../protocol/arguments.ts";
import { MethodNotAllowed, ParseError, Throttled, ValidationError } from "../protocol/exceptions.ts";
import { echoableAction, encodeReply, parseFrame } from "../protocol/frames.ts";
import { parseRequestId, type RequestId } from "../protocol/request-id.ts";
import type { BasePermission, PermissionClass } from "../permissions/base-permission.ts";
import { checkConnect } from "../permissions/check-connect.ts";
import { checkPermissions } from "../permissions/check-permissions.ts";
import { judgesObjects } from "../permissions/composite-permission.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";
import { ActionContext, RequestCancelled } from "./action-context.ts";
import { isAsyncGenerator } from "./action.ts";
import { type ActionDefinition, actionsOf, declareActions } from "./action-registry.ts";
import { AnsweringConsumer } from "./answering-consumer.ts";
import type { Connection, ConsumerSession } from "./connection.ts";
import { bindFields } from "./consumer-field.ts";
import { EndListeners } from "./end-listeners.ts";
import { OrderedLane } from "./ordered-lane.ts";
import { pumpStream } from "./pump-stream.ts";
import { noReply, Reply } from "./reply.ts";
import type { FailedRequest } from "./reply-options.ts";
import { type RequestKind, requestKind } from "./request-kind.ts";
import { withinAction } from "./running-action.ts";
import { clipActionName, requireActionName, withoutEnvelope } from "./requested-action.ts";
import { isKeyed, type KeyedResource, runOnce } from "./run-once.ts";
import { whenTold } from "./told.ts";
import { RunningRequests } from "./running-requests.ts";

type MaybePromise<T> = T | Promise<T>;

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
      return this.#refuse(new ParseError("Expected a text frame with a JSON object, but got a binary frame."));
    let content: Record<string, unknown>;
    try {
      content = parseFrame(frame, this.connection.settings.maxDepth);
    } catch (error) {
      return this.#refuse(error);
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

  /** Takes one parsed frame. Never throws. */
  protected receiveJson(content: Record<string, unknown>): void {
    let requestId: RequestId;
    try {
      requestId = parseRequestId(content["request_id"]);
    } catch (error) {
      return this.#refuse(error, { action: echoableAction(content["action"]), requestId: null });
    }
    // In a frame of another layout the action is not known yet.
    const isNamed = this.getActionName === AsyncAPIConsumer.prototype.getActionName;
    const kind = isNamed ? requestKind(this, content["action"]) : "request";
    const refusal = this.#running.refusalOf(kind);
    if (refusal !== null) return this.#refuse(refusal, { action: echoableAction(content["action"]), requestId });
    void this.#serve(content, requestId, kind);
  }

  /** The one place in which every request ends: whatever happens is answered. */
  async #serve(content: Record<string, unknown>, requestId: RequestId, kind: RequestKind): Promise<void> {
    let action: unknown = null;
    let context: ActionContext | null = null;
    try {
      const found = this.getActionName(content);
      const [name, args] = found instanceof Promise ? await this.#running.countWhile(found) : found;
      action = name;
      context = new ActionContext(requireActionName(name), requestId);
      this.#running.add(context, kind);
      await this.#handleAction(name, args, context);
    } catch (error) {
      const reason = context?.cancelled === true ? new RequestCancelled() : error;
      await this.answerFailure(reason, { action: echoableAction(action), requestId });
    } finally {
      if (context !== null) this.#running.delete(context);
    }
  }

  /**
   * Finds the action's name and its arguments in a frame. Override it for another frame layout.
   *
   * @throws MethodNotAllowed (405) when the frame has no action.
   */
  protected getActionName(content: Record<string, unknown>): MaybePromise<readonly [action: unknown, args: MessageArguments]> {
    if (!("action" in content)) throw new MethodNotAllowed("", "Unable to find action in message body.");
    return [content["action"], content];
  }

  #handleAction(name: unknown, args: MessageArguments, context: ActionContext): Promise<void> {
    const definition = typeof name === "string" ? actionsOf(this).get(name) : undefined;
    const waits = definition?.detached !== true && (definition?.ordered ?? this.ordered);
    return waits ? this.#runInTurn(definition, args, context) : this.#checkAndRun(definition, args, context);
  }

  /** A request that is cancelled while it waits is answered at once and not run; one whose client has gone is run. */
  #runInTurn(definition: ActionDefinition | undefined, args: MessageArguments, context: ActionContext): Promise<void> {
    const run = (): Promise<void> => this.#checkAndRun(definition, args, context);
    if (this.#lane.isIdle) return this.#lane.run(run);
    const cancelled = new Promise<void>((_resolve, reject) => {
      context.onCancel = () => {
        if (!this.#hasEnded) reject(new RequestCancelled());
      };
    });
    const turn = this.#lane.run(async () => {
      context.onCancel = null;
      if (!context.cancelled || this.#hasEnded) await run();
    });
    return Promise.race([turn, cancelled]);
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
    if (!isAsyncGenerator(result)) return this.#answer(result, context);
    this.#running.markStream(context);
    await pumpStream(result, context, {
      next: (items) => within(() => items.next()),
      send: (item) => this.#answer(item, context),
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

  #answer(result: unknown, context: ActionContext): Promise<void> | void {
    if (result === noReply) return;
    if (context.cancelled) throw new RequestCancelled();
    const answer = result instanceof Reply ? result : new Reply(result, 200);
    if (this.reply !== AnsweringConsumer.prototype.reply) return this.#replyThroughHook(answer, context);
    const { action, requestId } = context;
    const { content, status, extra } = answer;
    this.connection.send(
      encodeReply({ errors: [], data: content, action, response_status: status, request_id: requestId }, extra),
    );
    context.noteAnswer();
  }

  async #replyThroughHook({ data, status, extra }: Reply<unknown>, context: ActionContext): Promise<void> {
    const { action, requestId } = context;
    await this.reply({ action, data, status, requestId, ...(extra === undefined ? {} : { extra }) });
    context.noteAnswer();
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
    const permissions = this.getPermissions(args);
    if (permissions.length > 0) return checkPermissions(permissions, this.scope, this, action, args);
  }

  /** @throws Throttled */
  protected async checkThrottles(action: string, args: MessageArguments): Promise<void> {
    for (const Throttle of this.throttleClasses) {
      const throttle = new Throttle();
      if (!(await throttle.allowRequest(this.scope, this, action, args))) throw new Throttled(throttle.wait());
    }
  }

  #refuse(error: unknown, request: FailedRequest = { action: null, requestId: null }): void {
    void this.answerFailure(error, request);
  }
}

declareActions(AsyncAPIConsumer, { cancel: { detached: true }, settle: { detached: true, unguarded: true } });
