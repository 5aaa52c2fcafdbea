import { generateKeyBetween } from "fractional-indexing";
import type { BoardClient, Task } from "./client.ts";

export interface Place {
  readonly status: Task["status"];
  readonly position: string;
}

/**
 * A position between the tasks that stand at `index - 1` and `index` of a column that does not hold the task itself.
 *
 * Two users who drop something at the same place at the same time get the same position; such tasks stand in the order in which they were made, and
 * what is dropped between them comes to stand after them.
 */
export function positionAt(column: readonly Task[], index: number): string {
  const before = column[index - 1]?.position ?? null;
  const after = column.slice(index).find(({ position }) => before === null || position > before)?.position ?? null;
  return generateKeyBetween(before, after);
}

/** Moves a task, and shows it there at once in every list of the page that it leaves or enters. */
export function placeTask(client: BoardClient, task: Task, place: Place): Promise<Task> {
  const placed = { ...task, ...place };
  return client.tasks.patch(task.id, place, {
    optimistic: (rows, { kind, args }) => {
      if (kind === "instance") return rows.map((row) => (row.id === task.id ? { ...row, ...place } : row));
      const others = rows.filter(({ id }) => id !== task.id);
      return belongsTo(Object(args), placed) ? [...others, placed].toSorted(inOrder) : others;
    },
  });
}

/** Would the server list this task to these arguments? The search is the same for all columns, so what was dragged matches it. */
function belongsTo({ filters = {} }: { filters?: Readonly<Record<string, unknown>> }, task: Task): boolean {
  const isAssigned = filters["assignee"] === undefined || filters["assignee"] === task.assignee;
  return filters["project"] === task.project && filters["status"] === task.status && isAssigned;
}

/** The order of the server's lists: by code unit, which for these positions is by code point, and then by primary key. */
function inOrder(a: Task, b: Task): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return a.id - b.id;
}
