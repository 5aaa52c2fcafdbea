import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { Database } from "../models/database.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { ActionContext } from "./action-context.ts";
import { IDEMPOTENCY_KEY } from "./idempotency-key.ts";
import { noReply, Reply, reply } from "./reply.ts";
import { validateInput, validateOutput } from "./standard-schema.ts";

/** How an action is called and run. */
export interface ActionOptions<
  In extends StandardSchemaV1 | undefined = undefined,
  Out extends StandardSchemaV1 | undefined = undefined,
  Name extends string = string,
> {
  /** Any Standard Schema (zod, valibot, arktype ...). What does not fit is answered 400 with the schema's messages by field. */
  readonly input?: In;
  /** What the action answers must fit; when it does not, that is a fault of the server: 500, and the log says what was wrong. */
  readonly output?: Out;
  /** The name on the wire. Default: the property's name in snake_case. */
  readonly name?: Name;
  /** Never waits for other actions of the connection and none waits for it, also in an `ordered` consumer (DCRF's `detached`). */
  readonly detached?: boolean;
  /** Waits for the ordered actions that were received before it. Default: the consumer's `ordered`. */
  readonly ordered?: boolean;
  /** Runs in one transaction of this database, rolled back when the action throws or its output is refused. Not for streaming actions. */
  readonly atomic?: { atomic<T>(work: () => Promise<T>): Promise<T> };
  /**
   * As `atomic`, and a client may mark its request with an `idempotency_key`: however often it is sent, it is run once and answered alike. Key and
   * answer are stored in this database, in the transaction of the writes. Not for streaming actions.
   */
  readonly idempotent?: Database;
}

/** A custom action as a class field. Called from inside the server it takes the input and gives the reply, as from the wire. */
export interface Action<Input, Output, Name extends string = string> {
  (input: Input, context?: ActionContext): Promise<Reply<Output>>;
  readonly options: ActionOptions<StandardSchemaV1 | undefined, StandardSchemaV1 | undefined, Name>;
  readonly kind: "action";
}

/** An action that answers with many frames: the handler is an async generator. */
export interface StreamingAction<Input, Item, Result, Name extends string = string> {
  (input: Input, context?: ActionContext): AsyncGenerator<Item, Result, void>;
  readonly options: ActionOptions<StandardSchemaV1 | undefined, StandardSchemaV1 | undefined, Name>;
  readonly kind: "streaming";
}

export type AnyAction = Action<never, unknown> | StreamingAction<never, unknown, unknown>;

type SchemaInput<S, Fallback> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : Fallback;
type SchemaOutput<S, Fallback> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : Fallback;

/** What the client gets for what a handler returns: `Reply<T>` gives `T`, nothing gives null, a plain value gives itself. */
export type DataOf<R> = R extends Reply<infer T> ? T : R extends typeof noReply | void | undefined ? null : R;

type ActionOf<In, Out, Name extends string, R> =
  R extends AsyncGenerator<infer Item, infer Result>
    ? StreamingAction<SchemaInput<In, MessageArguments>, DataOf<Item>, DataOf<Result>, Name>
    : Action<SchemaInput<In, MessageArguments>, SchemaOutput<Out, DataOf<Awaited<R>>>, Name>;

/**
 * Declares a custom action. Only what was declared so can be called from the wire.
 *
 * ```ts
 * class UserConsumer extends GenericAsyncAPIConsumer({ ... }) {
 *   sendEmail = action({ input: z.object({ pk: z.number(), to: z.email() }) }, async ({ pk, to }) => {
 *     const user = await this.getObject({ pk });
 *     return reply({ sent: true });
 *   });
 *   count = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
 *     for (let n = 1; n <= to; n += 1) yield n; // a frame each, status 206; then one with status 200
 *   });
 * }
 * ```
 *
 * A handler without an input schema gets all keys of the frame, unchecked. Returning nothing answers `data: null`, 200.
 */
export function action<
  R,
  In extends StandardSchemaV1 | undefined = undefined,
  Out extends StandardSchemaV1 | undefined = undefined,
  const Name extends string = never,
>(
  options: ActionOptions<In, Out, Name>,
  handler: (input: SchemaOutput<In, MessageArguments>, context: ActionContext) => R,
): ActionOf<In, Out, Name, R>;
export function action<R>(
  handler: (input: MessageArguments, context: ActionContext) => R,
): ActionOf<undefined, undefined, never, R>;
export function action(first: AnyOptions | Handler, second?: Handler): unknown {
  if (typeof first === "function") return makeAction({}, first);
  if (typeof second === "function") return makeAction(first, second);
  throw new ImproperlyConfigured(
    "action(options, handler): expected a function as handler. Write action({ ... }, async (input) => ...).",
  );
}

type Handler = (input: never, context: ActionContext) => unknown;
type AnyOptions = ActionOptions<StandardSchemaV1 | undefined, StandardSchemaV1 | undefined>;

function makeAction(given: AnyOptions, handler: Handler): unknown {
  const options = withTransaction(given);
  const isGenerator = Object.prototype.toString.call(handler) === "[object AsyncGeneratorFunction]";
  if (isGenerator && options.atomic !== undefined) refuseAtomicStream();
  const callable = isGenerator
    ? (input: unknown, context?: ActionContext) => stream(options, handler, input, context)
    : (input: unknown, context?: ActionContext) => runHandler(options, handler, input, context);
  return Object.assign(callable, { options, kind: isGenerator ? "streaming" : "action" });
}

function withTransaction(options: AnyOptions): AnyOptions {
  const { atomic, idempotent } = options;
  if (idempotent === undefined) return options;
  if (atomic === undefined || atomic === idempotent) return { ...options, atomic: idempotent };
  throw new ImproperlyConfigured(
    "action({ atomic, idempotent }): expected one database for both, got two. Leave atomic out: an idempotent action is atomic.",
  );
}

async function runHandler(
  options: AnyOptions,
  handler: Handler,
  input: unknown,
  context = new ActionContext(),
): Promise<unknown> {
  if (options.idempotent !== undefined) assertNoKeyLeft(input);
  const valid = options.input === undefined ? input : await validateInput(options.input, input);
  const run = async (): Promise<unknown> => finish(options, await invoke(handler, valid, context));
  return options.atomic === undefined ? run() : options.atomic.atomic(run);
}

/** A consumer that runs requests once takes the key out; to run one with its key as if it had none would break the promise in silence. */
function assertNoKeyLeft(input: unknown): void {
  if (typeof input !== "object" || input === null || !Object.hasOwn(input, IDEMPOTENCY_KEY)) return;
  throw new ImproperlyConfigured(
    "An idempotent action was called with an idempotency_key by code that does not store answers. Keys come from clients, to consumers made by GenericAsyncAPIConsumer().",
  );
}

/** Inside the transaction, so that an answer which its schema refuses undoes what was written. */
async function finish(options: AnyOptions, result: unknown): Promise<unknown> {
  if (result === noReply) return noReply;
  if (isAsyncGenerator(result)) return options.atomic === undefined ? streamed(options, result) : refuseAtomicStream();
  const answer = result instanceof Reply ? result : reply(result === undefined ? null : result);
  if (options.output === undefined) return answer;
  return reply(await validateOutput(options.output, answer.data), answer.status);
}

/** A transaction that stays open while a client reads would hold up every other writer. */
function refuseAtomicStream(): never {
  throw new ImproperlyConfigured(
    "A streaming action cannot be atomic or idempotent: use database.atomic(...) inside it, around the writes alone.",
  );
}

async function* stream(options: AnyOptions, handler: Handler, input: unknown, context = new ActionContext()) {
  const valid = options.input === undefined ? input : await validateInput(options.input, input);
  const items = invoke(handler, valid, context);
  return isAsyncGenerator(items) ? yield* streamed(options, items) : items;
}

async function* streamed(options: AnyOptions, items: AsyncGenerator<unknown, unknown, void>) {
  if (options.output === undefined) return yield* items;
  try {
    for (let step = await items.next(); ; step = await items.next()) {
      if (step.done === true) return step.value;
      yield await validateOutput(options.output, step.value);
    }
  } finally {
    await items.return(undefined);
  }
}

/** Is it a stream of answers? A handler may also return one that another function has made. */
export function isAsyncGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, void> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value && "return" in value;
}

/** The schema has made `input` what the handler was declared for; without one the handler is declared for unchecked arguments. */
function invoke(handler: Handler, input: unknown, context: ActionContext): unknown {
  return Reflect.apply(handler, undefined, [input, context]);
}

/** Was the value made by {@link action}? */
export function isAction(value: unknown): value is AnyAction {
  return (
    typeof value === "function" &&
    "kind" in value &&
    (value.kind === "action" || value.kind === "streaming") &&
    "options" in value
  );
}
