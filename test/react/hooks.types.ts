// Compiled by the type check, never run: each line is a promise to a caller.
import type { ConnectionState, Lookup } from "../../src/client.ts";
import {
  useAction,
  useClient,
  useConnectionState,
  useEvents,
  useList,
  useLive,
  useLiveCount,
  useLiveInstance,
  useLiveList,
  useRetrieve,
  useStream,
  useSuspenseList,
  useSuspenseLiveCount,
  useSuspenseLiveInstance,
  useSuspenseLiveList,
  useSuspenseRetrieve,
} from "../../src/react.ts";
import type { BoardClient } from "./page/connect.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

interface Task {
  id: number;
  title: string;
  priority: number;
  done: boolean;
}
type Plain<T> = { [Name in keyof T]: T[Name] };

declare const client: BoardClient;
declare const pk: number | undefined;

export function rowsAreInferred(): void {
  const list = useLiveList(client.tasks, { filters: { done: false }, ordering: "-priority" });
  same<Plain<NonNullable<typeof list.data>[number]>, Plain<Task>>(true);
  const row = useLiveInstance(client.tasks, pk);
  same<Plain<NonNullable<typeof row.data>>, Plain<Task>>(true);
  same<null extends typeof row.data ? true : false, true>(true);
  const count = useLiveCount(client.tasks, { filters: { done: false } });
  same<typeof count.data, number | undefined>(true);
  const any = useLive(pk === undefined ? null : client.tasks.liveInstance(pk));
  same<typeof any.data, typeof row.data>(true);
  const once = useList(client.tasks, { search: "x" });
  same<Plain<NonNullable<typeof once.data>[number]>, Plain<Task>>(true);
  const page = useList(client.pages, { limit: 2 });
  same<NonNullable<typeof page.data>["count"], number>(true);
  const one = useRetrieve(client.tasks, pk);
  same<Plain<NonNullable<typeof one.data>>, Plain<Task>>(true);
}

export function dataIsThereOnceTheRestIsRuledOut(): void {
  const { data, error, status } = useLiveList(client.tasks);
  if (error !== null) {
    same<typeof status, "failed">(true);
    same<typeof error, Error>(true);
  }
  if (status === "live" || status === "stale") data.length;
  // @ts-expect-error it may be on its way
  data.length;
  if (data === undefined) return;
  data.map(({ title }) => title.length);
  // @ts-expect-error no such field
  data[0]?.tilte;
  // @ts-expect-error live data is not changed by hand
  data.push();
}

export function inSuspenseDataIsThere(): void {
  useSuspenseLiveList(client.tasks, { filters: { done: false } }).data.map(({ title }) => title.length);
  useSuspenseLiveInstance(client.tasks, 1).data?.title.length;
  useSuspenseLiveCount(client.tasks, { filters: { done: false } }).data.toFixed();
  useSuspenseList(client.tasks).data[0]?.title.length;
  useSuspenseRetrieve(client.tasks, 1).data.title.length;
  // @ts-expect-error it may be gone meanwhile
  useSuspenseLiveInstance(client.tasks, 1).data.title.length;
  // @ts-expect-error a component in Suspense has a key
  useSuspenseRetrieve(client.tasks, pk);
}

export function mistakesAreFound(): void {
  // @ts-expect-error no such argument
  useLiveList(client.tasks, { filter: { done: false } });
  // @ts-expect-error no such argument
  useList(client.tasks, { filters: {}, order: "title" });
  // @ts-expect-error no such option
  useLiveList(client.tasks, {}, { enable: false });
  // @ts-expect-error options are not arguments
  useLiveList(client.tasks, { enabled: false });
  // @ts-expect-error a count has no order
  useLiveCount(client.tasks, { ordering: "title" });
  // @ts-expect-error not a key
  useLiveInstance(client.tasks, true);
  // @ts-expect-error not a key
  useRetrieve(client.tasks, [1]);
  // @ts-expect-error no such resource
  useLiveList(client.task);
  // @ts-expect-error nothing of this resource can be watched
  useLiveList(client.streamed);
  // @ts-expect-error rows of this resource cannot be watched
  useLiveInstance(client.pages, 1);
  // @ts-expect-error this resource has no retrieve
  useRetrieve(client.pages, 1);
  // @ts-expect-error pages that are streamed are iterated
  useList(client.streamed);
  // @ts-expect-error the call, not its result
  useAction(client.tasks.create({ title: "x" }));
  // @ts-expect-error what streams is iterated
  useAction(client.tasks.countTo);
}

export function actionsKnowWhatTheyTakeAndGive(): void {
  const { run, data, error, fieldErrors } = useAction(client.tasks.create);
  void run({ title: "x" });
  void run({ title: "x" }, { timeout: 1, signal: new AbortController().signal, idempotencyKey: "x" });
  same<typeof error, Error | null>(true);
  data?.title.length;
  fieldErrors.title?.map(String);
  fieldErrors.non_field_errors?.map(String);
  // @ts-expect-error no such field
  fieldErrors.tilte;
  // @ts-expect-error a title is text
  void run({ title: 1 });
  // @ts-expect-error the title is required
  void run({});
  // @ts-expect-error no such option
  void run({ title: "x" }, { timeOut: 1 });
  void useAction(client.tasks.patch).run(1, { done: true });
  // @ts-expect-error which row?
  void useAction(client.tasks.patch).run({ done: true });
  const gone = useAction(client.tasks.delete);
  same<typeof gone.data, null | undefined>(true);
  same<Parameters<typeof gone.run>[0], Lookup>(true);
  const shout = useAction(client.tasks.shout);
  void shout.run({ text: "x" }).then(({ shouted }) => shouted.length);
  shout.fieldErrors.text?.map(String);
  const own = useAction(async (title: string) => client.tasks.create({ title }));
  void own.run("x");
  // @ts-expect-error text
  void own.run(1);
}

export function eventsAndStreamsAreInferred(): void {
  const { error } = useEvents(client.tasks.events("watch", {}, { unsubscribe: "unwatch" }), (item) => {
    if (item.kind === "event") same<Plain<typeof item.data>, Plain<Task>>(true);
  });
  same<typeof error, Error | null>(true);
  useEvents(pk === undefined ? null : client.tasks.events("watch"), () => undefined);
  const { items, last, result } = useStream(client.tasks.countTo, { to: 3 }, { keep: 10 });
  same<typeof items, readonly number[]>(true);
  same<typeof last, number | undefined>(true);
  same<typeof result, string | undefined>(true);
  const pages = useStream(client.streamed.list, { limit: 2 });
  pages.last?.results[0]?.title.length;
  // @ts-expect-error a number
  useStream(client.tasks.countTo, { to: "3" });
  // @ts-expect-error it does not stream
  useStream(client.tasks.shout, { text: "x" });
}

export function theClientIsTheRegisteredOne(): void {
  useClient().tasks.live({});
  // @ts-expect-error no such resource
  useClient().task;
  same<ReturnType<typeof useConnectionState>, ConnectionState>(true);
  useConnectionState(client);
  // @ts-expect-error a resource has no connection
  useConnectionState(client.tasks);
}
