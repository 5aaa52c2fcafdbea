import { useMemo } from "react";
import { useClient, useLiveList } from "restwave/react";
import type { Project, Status, Task } from "./client.ts";

export const COLUMNS: readonly { readonly status: Status; readonly title: string }[] = [
  { status: "todo", title: "To do" },
  { status: "doing", title: "In progress" },
  { status: "done", title: "Done" },
];

/** What of a project is shown. */
export interface Shown {
  readonly search: string;
  /** Only what is assigned to this person; null: all. */
  readonly assignee: number | null;
}

/** A live list of tasks for each column; undefined before it is there. */
export type Columns = Readonly<Record<Status, readonly Task[] | undefined>>;

export function useColumns(project: Project, shown: Shown): Columns {
  const todo = useColumn(project, "todo", shown);
  const doing = useColumn(project, "doing", shown);
  const done = useColumn(project, "done", shown);
  return useMemo(() => ({ todo, doing, done }), [todo, doing, done]);
}

function useColumn({ id: project }: Project, status: Status, { search, assignee }: Shown): readonly Task[] | undefined {
  const { tasks } = useClient();
  const filters = { project, status, ...(assignee !== null && { assignee }) };
  const args = { filters, ordering: "position" as const, ...(search !== "" && { search }) };
  return useLiveList(tasks, args, { keepPrevious: true }).data;
}
