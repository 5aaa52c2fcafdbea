import type { MessageArguments } from "../protocol/arguments.ts";
import { Http404, ImproperlyConfigured } from "../protocol/exceptions.ts";
import { encodeJson, JsonText, parseJson } from "../protocol/json.ts";
import type { Scope } from "../protocol/scope.ts";
import type { Database } from "../models/database.ts";
import { type KeyedAnswer, type StoredAnswer, StoredAnswers } from "../models/idempotency/stored-answers.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { ActionContext } from "./action-context.ts";
import { isAction, isAsyncGenerator } from "./action.ts";
import type { ActionDefinition } from "./action-registry.ts";
import { IDEMPOTENCY_KEY, requestContent, requestIdentity, withoutKey } from "./idempotency-key.ts";
import { keepJudgedRows } from "./judged-rows.ts";
import { noReply, Reply } from "./reply.ts";
import { withinAction } from "./running-action.ts";
import type { ConsumerSettings } from "./settings.ts";

type MaybePromise<T> = T | Promise<T>;

/** What a consumer's keys count for. */
export interface KeyedResource {
  /** The same for all actions of a consumer class. */
  readonly resource: readonly string[];
  /** null: a consumer without rows. */
  readonly rows: KeyedRows | null;
}

/** What running a request once asks of the consumer that got it. */
export interface KeyedCall extends KeyedResource {
  readonly scope: Scope;
  readonly settings: Pick<ConsumerSettings, "clock" | "idempotencyRetention">;
  readonly args: MessageArguments;
  readonly context: ActionContext;
  /** The member that serves the action. */
  readonly member: unknown;
  /** Calls it. */
  run(args: MessageArguments): unknown;
}

/** What it asks of a consumer that has rows. */
export interface KeyedRows {
  /** Where the action writes, if it does not say so itself. */
  database(): MaybePromise<Database>;
  /** The rows that this request may see. */
  visible(): MaybePromise<AnyQuerySet>;
  /** Asks the object permissions. */
  check(row: object): MaybePromise<void>;
}

/** Is it a request that is to be run once? */
export function isKeyed(definition: ActionDefinition, args: MessageArguments): boolean {
  return definition.idempotent && Object.hasOwn(args, IDEMPOTENCY_KEY);
}

/**
 * Runs a request that carries an `idempotency_key` in one transaction with the storing of its answer; or answers as the first time, with the extra
 * key `replayed`, if whoever asks may still touch the rows that the action did.
 *
 * @throws ValidationError for a bad key, Conflict when it was used for another request, what the action throws, Http404 and PermissionDenied.
 */
export async function runOnce(call: KeyedCall): Promise<Reply<unknown>> {
  const { args, context, scope, settings } = call;
  const request = {
    id: requestIdentity(scope, call.resource, args[IDEMPOTENCY_KEY]),
    content: requestContent(context.action, args, scope),
    now: settings.clock(),
    retention: settings.idempotencyRetention,
  };
  return withinAction(context, async () => {
    let extra: Reply<unknown>["extra"];
    const answers = StoredAnswers.of(await databaseOf(call));
    const answer = await answers.once(request, async () => {
      const judged = keepJudgedRows(context);
      const result = await call.run(withoutKey(args));
      extra = result instanceof Reply ? result.extra : undefined;
      return { ...toStored(result), rowKeys: encodeJson(judged.filter(isKey)) };
    });
    if (!answer.replayed) return new Reply(new JsonText(answer.data), answer.status, extra);
    if (call.rows !== null) await demandStillAllowed(call.rows, answer);
    return new Reply(new JsonText(answer.data), answer.status, { replayed: true });
  });
}

function databaseOf(call: KeyedCall): MaybePromise<Database> {
  const named = isAction(call.member) ? call.member.options.idempotent : undefined;
  const database = named ?? call.rows?.database();
  if (database !== undefined) return database;
  throw new ImproperlyConfigured("Expected an idempotent action to name its database: action({ idempotent: database }, ...).");
}

function toStored(result: unknown): Pick<StoredAnswer, "status" | "data"> {
  if (result === noReply) refuse("answered by itself");
  if (isAsyncGenerator(result)) refuse("returned a stream");
  const [content, status] = result instanceof Reply ? [result.content, result.status] : [result, 200];
  return { status, data: encodeJson(content) };
}

function refuse(found: string): never {
  throw new ImproperlyConfigured(`Expected an idempotent action to return the one answer that is stored, but it ${found}.`);
}

function isKey(pk: unknown): boolean {
  return typeof pk === "string" || typeof pk === "number" || typeof pk === "bigint";
}

/** A row that is gone has nothing left to protect; one that this request does not see any more has, unless the answer shows nothing of it. */
async function demandStillAllowed(rows: KeyedRows, answer: KeyedAnswer): Promise<void> {
  const keys = parseJson(answer.rowKeys);
  if (!Array.isArray(keys) || keys.length === 0) return;
  const visible = await rows.visible();
  for (const pk of keys) {
    const row: unknown = await visible.filterUntrusted({ pk }).first();
    if (typeof row === "object" && row !== null) await rows.check(row);
    else if (answer.data !== "null" && (await visible.model.objects.filterUntrusted({ pk }).exists())) throw new Http404();
  }
}
