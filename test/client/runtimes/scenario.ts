import { createClient, isAPIError, type LiveQuery, type LiveStatus } from "../../../src/client.ts";
import { when } from "../when.ts";
import type { Trial } from "./open-trial.ts";

type Tables = Trial["tables"];

/** So long that a timer which `close()` leaves behind would keep the process running. */
const HOUR = 3_600_000;
const patient = { gracePeriod: HOUR, timeout: HOUR, heartbeat: { interval: HOUR, timeout: HOUR }, connectTimeout: HOUR };
const quick = { ...patient, backoff: { initial: 10, max: 50 } };

/** The server's address: an argument of the process, or what stands behind the # of the page's. */
const server = typeof process === "undefined" ? location.hash.slice(1) : String(process.argv[2]);
const control = createClient<Tables["control"]>(`${server}/control/`, patient);
const { proxied } = await control.addresses({});
const client = createClient<Tables["board"]>(`${proxied}/ws/`, quick);
const { tasks } = client;

function report(step: string, seen: unknown): void {
  console.log(JSON.stringify({ step, seen }));
}

async function calls(): Promise<void> {
  const paint = await tasks.create({ title: "Paint", priority: 1 });
  const sweep = await tasks.create({ title: "Sweep", priority: 2 });
  const listed = await tasks.list({ ordering: "-priority" });
  const patched = await tasks.patch(paint.id, { done: true });
  const deleted = await tasks.delete(sweep.id);
  const left = await tasks.list({ filters: { done: true } });
  report("calls", { listed: listed.map(({ title }) => title), patched, deleted, left: left.length });
}

async function refusal(): Promise<void> {
  try {
    await tasks.create({ title: "" });
  } catch (error) {
    if (!isAPIError(error, tasks.create)) throw error;
    report("refusal", { status: error.status, title: error.fieldErrors.title });
  }
}

async function stream(): Promise<void> {
  const numbers: number[] = [];
  for await (const n of tasks.countTo({ to: 1_000_000 })) {
    numbers.push(n);
    if (n === 3) break;
  }
  report("stream", numbers);
}

async function liveData(): Promise<void> {
  const list = tasks.live({ ordering: "-priority" });
  const row = tasks.liveInstance(1);
  const count = tasks.liveCount({});
  const stops = [list, row, count].map((query) => query.subscribe(() => undefined));
  await Promise.all([list.ready(), row.ready(), count.ready()]);
  await tasks.create({ title: "First", priority: 9 });
  await tasks.create({ title: "Last", priority: 0 });
  await tasks.patch(1, { title: "Paint the door" });
  await when(list, ({ data }) => data?.length === 3 && data[1]?.title === "Paint the door");
  await when(row, ({ data }) => data?.title === "Paint the door");
  await when(count, ({ data }) => data === 3);
  report("live", { list: list.data?.map(({ title }) => title), row: row.data?.title, count: count.data });
  for (const stop of stops) stop();
}

async function optimisticWrite(): Promise<void> {
  const list = tasks.live({ ordering: "id" });
  const seen: (string | undefined)[] = [];
  await list.ready();
  const stop = list.subscribe(() => seen.push(list.data?.[0]?.title));
  const answer = tasks.patch(1, { title: "Paint the wall" }, { optimistic: true });
  const atOnce = list.data?.[0]?.title;
  await answer;
  await when(list, ({ data }) => data?.[0]?.title === "Paint the wall");
  report("optimistic", { atOnce, seen: [...new Set(seen)] });
  stop();
}

async function lostAnswer(): Promise<void> {
  await control.loseAnswer({});
  const { title } = await tasks.create({ title: "Once" });
  report("lost answer", { title, count: (await tasks.list({ filters: { title: "Once" } })).length });
}

async function cut(): Promise<void> {
  const list = tasks.live({ ordering: "id" });
  const states: string[] = [];
  const stopLooking = client.connection.subscribe(() => states.push(client.connection.state.status));
  const stop = list.subscribe(() => undefined);
  await list.ready();
  await control.refuse({});
  await control.cut({});
  await when(list, ({ status }) => status === "stale");
  await control.addTask({});
  await control.mend({});
  await when(list, ({ status, data }) => status === "live" && data?.at(-1)?.title === "Meanwhile");
  report("cut", [...new Set(states)]);
  stop();
  stopLooking();
}

async function tokens(): Promise<void> {
  let asked = 0;
  const auth = (): string => `token ${(asked += 1)}`;
  const user = createClient<Tables["who"]>(`${proxied}/who/`, { ...quick, auth });
  const before = await user.who({});
  await control.expireToken({});
  report("tokens", { before, after: await user.who({}), asked });
  user.close();
}

async function silence(): Promise<void> {
  const options = { ...quick, heartbeat: { interval: 100, timeout: 400 }, connectTimeout: 400 };
  const watchful = createClient<Tables["board"]>(`${proxied}/ws/`, options);
  const list = watchful.tasks.live({});
  list.subscribe(() => undefined);
  const { length } = await list.ready();
  await control.fallSilent({});
  await when(list, ({ status }) => status === "stale");
  await control.addTask({});
  await control.restore({});
  await when(list, ({ status, data }) => status === "live" && data?.length === length + 1);
  report("silence", list.status);
  watchful.close();
  // Node, Bun and Deno keep a closed socket until its server has answered, however dead the network is.
  await control.cut({});
}

/** Closes clients in all states, with live data in all states. */
async function end(): Promise<void> {
  const connecting = createClient<Tables["board"]>(`${proxied}/ws/`, patient);
  const codes: number[] = [];
  const reconnect = ({ code }: { readonly code: number }): boolean => codes.push(code) > 0;
  const backoff = { initial: HOUR, max: HOUR };
  const away = createClient<Tables["board"]>(`${proxied}/ws/`, { ...patient, backoff, reconnect });
  const busy = createClient<Tables["board"]>(`${proxied}/ws/`, quick);
  const left = busy.tasks.liveCount({});
  await left.ready();
  const refused = busy.tasks.liveInstance(999);
  await refused.ready().catch(() => undefined);
  const watched = busy.tasks.live({});
  const looking = lastOf(watched);
  await watched.ready();
  const waiting = busy.tasks.waitForEver({}).catch((error: unknown) => error);
  await control.refuse({});
  const isAway = new Promise<void>((resolve) => {
    away.connection.subscribe(() => void (away.connection.state.status === "reconnecting" && resolve()));
  });
  away.connect();
  await isAway;
  connecting.connect();
  for (const each of [connecting, away, busy, client, control]) each.close();
  report("end", { waiting: Reflect.get(Object(await waiting), "code"), looking: await looking, left: left.status, codes });
}

async function lastOf<T>(query: LiveQuery<T>): Promise<LiveStatus | null> {
  let last: LiveStatus | null = null;
  for await (const { status } of query) last = status;
  return last;
}

for (const step of [calls, refusal, stream, liveData, optimisticWrite, lostAnswer, cut, tokens, silence, end]) await step();
