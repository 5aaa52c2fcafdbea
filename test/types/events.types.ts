// Compiled by the type check, never run: each line is a promise to a caller of the client.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import {
  action,
  AsyncAPIConsumer,
  modelObserver,
  ModelSerializer,
  Multiplexer,
  observer,
  path,
  reply,
  Signal,
} from "../../src/index.ts";
import { createClient, type EventItem } from "../../src/client.ts";
import { openSqlite } from "../../src/sqlite.ts";
import type { ActionName } from "../../src/protocol/action-name.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

const tasks = sqliteTable("task", { id: integer().primaryKey({ autoIncrement: true }), title: text().notNull() });
const db = await openSqlite(":memory:");
const Task = db.model(tasks);
class TaskSerializer extends ModelSerializer(Task, { fields: ["id", "title"] }) {}
const ping = new Signal<{ level: number }>();

class BothConsumer extends AsyncAPIConsumer {
  onPing = observer(ping);
  taskActivity = modelObserver(Task, { serializerClass: TaskSerializer });
  watchAll = action({ input: z.object({ since: z.number() }) }, async ({ since }, { requestId }) => {
    await this.onPing.subscribe({ requestId });
    return reply({ since }, 201);
  });
  unwatch = action({ input: z.object({ since: z.number() }) }, async () => reply(null, 204));
}
class SerializedConsumer extends AsyncAPIConsumer {
  onPing = observer(ping, { serialize: ({ level }) => ({ text: String(level) }) });
  plain = modelObserver(Task);
  watch = action(async () => {});
}
class HandledConsumer extends AsyncAPIConsumer {
  onPing = observer(ping, {
    handle: async ({ level }, { subscribingRequestIds }) => this.sendJson({ level: level.toFixed(), subscribingRequestIds }),
  });
  titles = modelObserver(Task, {
    serialize: (row) => ({ title: row.title }),
    handle: ({ title }, { action: name }) => void `${name} ${title.at(0)}`,
  });
  watch = action(async () => {});
}
class SilentConsumer extends AsyncAPIConsumer {
  watch = action(async () => {});
}
class NamedConsumer extends AsyncAPIConsumer {
  mail = action({ name: "send_mail", input: z.object({ to: z.string() }) }, async ({ to }) => reply({ to }));
  shout = action({ name: "SHOUT" }, async () => reply("HEY"));
  live = action({ input: z.object({ a: z.number() }) }, async ({ a }) => reply(a));
  countTo = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
    yield to;
  });
  toString_ = action({ name: "then" }, async () => reply(1));
}

const routes = [
  path(
    "ws/",
    Multiplexer({
      both: BothConsumer,
      serialized: SerializedConsumer,
      handled: HandledConsumer,
      silent: SilentConsumer,
      named: NamedConsumer,
    }),
  ),
];
const client = createClient<typeof routes>("ws://localhost:8000/ws/");

export async function eventsAreThoseOfTheObservers(): Promise<void> {
  for await (const item of client.both.events("watch_all", { since: 1 }, { unsubscribe: "unwatch" })) {
    if (item.kind === "missed") continue;
    if (item.kind === "subscribed") same<typeof item.data, { since: number }>(true);
    else if (item.action === "on_ping") same<typeof item.data, { level: number }>(true);
    else {
      same<typeof item.action, "create" | "update" | "delete">(true);
      same<(typeof item.data)["title"], string>(true);
    }
  }
  // @ts-expect-error `since` is missing
  client.both.events("watch_all");
  // @ts-expect-error no such action
  client.both.events("watchAll", { since: 1 });
  // @ts-expect-error no such action
  client.both.events("watch_all", { since: 1 }, { unsubscribe: "unwatch_all" });
  client.serialized.events("watch").subscribe((item) => {
    if (item.kind === "event" && item.action === "on_ping") same<typeof item.data, { text: string }>(true);
    else if (item.kind === "event") item.data.pk;
  });
}

export function whatAHandlerSendsIsUnknown(): void {
  const unknown = [client.handled.events("watch"), client.silent.events("watch")];
  unknown[0]?.subscribe((item) => {
    same<typeof item, EventItem<{ readonly action: string; readonly data: unknown }, null>>(true);
  });
}

export async function actionsHaveTheirOwnNames(): Promise<void> {
  const sent = await client.named.send_mail({ to: "x" });
  same<typeof sent, { to: string }>(true);
  // @ts-expect-error it is called by its own name
  client.named.mail;
  // @ts-expect-error its name in snake_case is another
  client.named.SHOUT;
  const shouted = await client.named.call("SHOUT", {});
  same<typeof shouted, string>(true);
}

export async function everyActionIsReachedByItsNameOnTheWire(): Promise<void> {
  same<number, Awaited<ReturnType<typeof live>>>(true);
  for await (const n of client.named.call("count_to", { to: 3 }, { timeout: 1000 })) same<typeof n, number>(true);
  same<number, Awaited<ReturnType<typeof then>>>(true);
  // @ts-expect-error a text is no number
  await client.named.call("live", { a: "x" });
  // @ts-expect-error its name on the wire is count_to
  void client.named.call("countTo", { to: 3 });
  // @ts-expect-error what is awaited is no action
  client.named.then;
  // @ts-expect-error the consumer has no live lists, and its action of that name is called by `call`
  client.named.live;
}
const live = () => client.named.call("live", { a: 1 });
const then = () => client.named.call("then");

export function namesAreThoseOfTheWire(): void {
  same<
    ActionName<"sendEmail" | "x2Y" | "parseURL" | "parseURLFast" | "aBCd" | "snake_case">,
    "send_email" | "x2_y" | "parse_url" | "parse_url_fast" | "a_b_cd" | "snake_case"
  >(true);
}
