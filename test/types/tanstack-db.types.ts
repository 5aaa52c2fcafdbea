// Compiled by the type check, never run: each line is a promise to a caller.
import { createCollection, createLiveQueryCollection, eq } from "@tanstack/db";
import { z } from "zod";
import type { LiveList } from "../../src/client.ts";
import { restwaveCollectionOptions } from "../../src/tanstack-db.ts";
import type { Board } from "../client/board.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

declare const client: ReturnType<Board["client"]>;

const tasks = createCollection(
  restwaveCollectionOptions({
    resource: client.tasks,
    list: { filters: { done: false, priority__gt: 1 }, ordering: "-priority" },
    id: "tasks",
    gcTime: 1000,
  }),
);

export function aCollectionHasTheRowsOfItsResource(): void {
  const row = tasks.get(1);
  same<NonNullable<typeof row>["title"], string>(true);
  same<NonNullable<typeof row>["done"], boolean>(true);
  same<ReturnType<typeof tasks.keys>, IterableIterator<number>>(true);
  // @ts-expect-error a key is a number
  tasks.get("1");
  tasks.update(1, (task) => {
    task.title = "x";
    // @ts-expect-error a title is text
    task.title = 1;
    // @ts-expect-error there is no such field
    task.colour = "red";
  });
  // @ts-expect-error a row has a title
  tasks.insert({ id: 1, priority: 1, done: false });
  const status: "idle" | "loading" | "live" | "stale" | "failed" = tasks.utils.live.status;
  void status;
}

export function aQueryOverItIsTypedToo(): void {
  const titles = createLiveQueryCollection((q) =>
    q
      .from({ task: tasks })
      .where(({ task }) => eq(task.done, true))
      .select(({ task }) => ({ title: task.title })),
  );
  same<(typeof titles.toArray)[number]["title"], string>(true);
}

export function whatTheResourceCannotDoDoesNotCompile(): void {
  // @ts-expect-error there is no such filter
  restwaveCollectionOptions({ resource: client.tasks, list: { filters: { colour: "red" } } });
  // @ts-expect-error nor such an ordering
  restwaveCollectionOptions({ resource: client.tasks, list: { ordering: "done" } });
  // @ts-expect-error a resource without live lists
  restwaveCollectionOptions({ resource: client.streamed });
  // @ts-expect-error rows come from the server only
  restwaveCollectionOptions({ resource: client.tasks, sync: { sync: () => undefined } });
}

export function rowsWithoutAnIdNeedAKey(bySlug: { live(): LiveList<{ slug: string }> }): void {
  const pages = createCollection(restwaveCollectionOptions({ resource: bySlug, getKey: ({ slug }) => slug }));
  same<ReturnType<typeof pages.keys>, IterableIterator<string>>(true);
  // @ts-expect-error which column tells rows apart?
  restwaveCollectionOptions({ resource: bySlug });
}

export function aSchemaCanStandBesideIt(): void {
  const schema = z.object({
    id: z.number(),
    title: z.string(),
    priority: z.number().default(0),
    done: z.boolean().default(false),
  });
  const checked = createCollection({ ...restwaveCollectionOptions({ resource: client.tasks }), schema });
  checked.insert({ id: -1, title: "x" });
}
