import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { action } from "../../../src/consumers/action.ts";
import type { ActionContext } from "../../../src/consumers/action-context.ts";
import { AsyncAPIConsumer } from "../../../src/consumers/async-api-consumer.ts";
import { noReply, reply } from "../../../src/consumers/reply.ts";
import type { MessageArguments } from "../../../src/protocol/arguments.ts";
import { NotFound, ParseError, ValidationError } from "../../../src/protocol/exceptions.ts";
import { db, Item } from "./database.ts";
import { failures } from "./failures.ts";

function echo(args: MessageArguments, context: ActionContext) {
  return reply({ request_id: context.requestId, action: context.action, ...args });
}

async function slow({ ms = 200 }: { readonly ms?: number | undefined }, context: ActionContext) {
  await sleep(ms, undefined, { signal: context.signal });
  return reply({ ms });
}

const slowInput = z.object({ ms: z.number().optional() });
const given = z.unknown().refine((value) => value !== undefined, "This field is required.");

/** Python kept the last of the keys 1, "1" and true, which JSON writes alike. */
const JSON_TYPES = {
  f1: 1,
  f2: 0.1,
  f3: 1e16,
  f4: 1e-7,
  f5: 123456789012345680000,
  big: 12345678901234567890n,
  neg0: -0,
  true: true,
  none: null,
  uni: "é€😀",
  ctl: "\u0000\u001f\u007f\u2028\u2029",
  esc: "\"\\/\b\f\n\r\t<>&'",
  "1": "truekey",
  null: "nonekey",
  "1.5": "floatkey",
};

/** A custom action of every kind. */
export class ActionsConsumer extends AsyncAPIConsumer {
  echoAsync = action(async (args, context) => echo(args, context));
  echoSync = action(echo);
  none = action(async () => {});
  justData = action(async () => ({ a: 1 }));
  aList = action(async () => [{ a: 1 }, 201]);
  status299 = action({ name: "status_299" }, async () => reply("text", 299));
  tuple3 = action(async () => [1, 2, 3]);
  tuple1 = action(async () => [1]);
  unserialisable = action(async () => reply({ x: new Set([1, 2]) }));
  original = action({ name: "renamed" }, async () => reply({ renamed: true }));
  needsArg = action({ input: z.object({ foo: given }) }, async ({ foo }) => reply({ foo }));
  noKwargs = action({ input: z.strictObject({}) }, async () => reply({}));
  exactKwargs = action({ input: z.strictObject({}) }, async (_args, context) => echo({}, context));
  camelCase = action({ name: "camelCase" }, async (args) =>
    reply({ someArg: args["someArg"] ?? null, some_arg: args["some_arg"] ?? null }),
  );
  snakeCase = action(async () => reply({ ok: true }));
  slow = action({ input: slowInput }, slow);
  slowDetached = action({ input: slowInput, detached: true }, slow);
  detachedApiError = action({ name: "detached_api_error", detached: true }, async () => {
    throw new NotFound("nope");
  });
  detachedCrash = action({ detached: true }, async () => {
    throw new TypeError("detached crash");
  });
  detachedNone = action({ detached: true }, async () => {});
  multi = action(async function* () {
    for (const i of [0, 1, 2]) yield { i };
    return { done: true };
  });
  push = action(async () => {
    await this.sendJson({ anything: ["goes", 1, null, true] });
    return noReply;
  });
  replyDefaults = action(async () => {
    await this.reply({ action: "reply_defaults" });
    return noReply;
  });
  types = action(async () => reply(JSON_TYPES));
  nan = action(async () => reply({ nan: NaN, inf: Infinity, ninf: -Infinity }));
  bigReply = action({ input: z.object({ n: z.number().default(100000) }) }, async ({ n }) => reply("x".repeat(n)));
  length = action({ input: z.object({ text: z.string().default("") }) }, async ({ text }) => reply(text.length));
  closeMe = action(
    { input: z.object({ code: z.number().optional(), reason: z.string().optional() }) },
    async ({ code, reason }) => {
      await this.close(code, reason);
      return noReply;
    },
  );
  closeThenReply = action(async () => {
    await this.close(4001);
    return reply({ after: "close" });
  });
  replyThenClose = action(async () => {
    await this.reply({ action: "reply_then_close", data: 1 });
    await this.close();
    return noReply;
  });
  sendBytes = action(async () => {
    this.connection.sendBytes(Uint8Array.of(0, 1, 255));
    return noReply;
  });
  atomicFail = action({ atomic: db }, async () => {
    await Item.objects.create({ name: "atomic-row" });
    throw new ValidationError({ x: ["rolled back"] });
  });
  nonatomicFail = action(async () => {
    await Item.objects.create({ name: "nonatomic-row" });
    throw new ValidationError({ x: ["not rolled back"] });
  });
  defaultAtomicFail = action(async () => {
    await Item.objects.create({ name: "default-row" });
    throw new ValidationError({ x: ["default"] });
  });
  atomicOk = action({ atomic: db }, async () => reply((await Item.objects.create({ name: "atomic-ok" })).id, 201));
  names = action(async () => reply((await Item.objects.orderBy("id").toArray()).map((item) => item.name)));
  fail = action({ input: z.object({ kind: z.string() }) }, async ({ kind }) => {
    throw failures[kind]?.();
  });
  integrity = action(async () => {
    await Item.objects.create({ name: "dup-x" });
    await Item.objects.create({ name: "dup-x" });
  });
}

/** Frames of another layout: `method` and `params`. */
export class CustomKeyConsumer extends AsyncAPIConsumer {
  protected override getActionName(content: Record<string, unknown>): readonly [unknown, MessageArguments] {
    if (!("method" in content)) throw new ParseError("no method");
    return [content["method"], { ...Object(content["params"]) }];
  }

  add = action({ input: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }) => reply(a + b));
}
