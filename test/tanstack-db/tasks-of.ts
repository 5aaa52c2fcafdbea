import { createCollection } from "@tanstack/db";
import { onTestFinished } from "vitest";
import { restwaveCollectionOptions } from "../../src/tanstack-db.ts";
import type { Board } from "../client/board.ts";

type BoardClient = ReturnType<Board["client"]>;

/** A collection of all tasks of a board, loaded, and the titles that it has shown, one list after another. */
export async function tasksOf(client: BoardClient) {
  const tasks = createCollection(restwaveCollectionOptions({ resource: client.tasks, list: { ordering: "id" } }));
  const shown: string[] = [];
  const note = (): void => {
    if (tasks.status !== "ready") return;
    const titles = tasks.toArray.map(({ title }) => title).join();
    if (shown.at(-1) !== titles) shown.push(titles);
  };
  const changes = tasks.subscribeChanges(note, { includeInitialState: true });
  onTestFinished(() => changes.unsubscribe());
  await tasks.preload();
  note();
  return { tasks, shown };
}
