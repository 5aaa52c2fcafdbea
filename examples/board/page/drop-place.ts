import type { Status, Task } from "./client.ts";

/** Where something that is dragged would be dropped: before the task that stands at `index` of a column without the dragged one. */
export interface DropPlace {
  readonly status: Status;
  readonly index: number;
}

/** The place in a column at a height of the window, by the middles of its cards. */
export function dropPlace(status: Status, column: readonly Task[], dragged: Task, height: number): DropPlace {
  const others = column.filter(({ id }) => id !== dragged.id);
  const index = others.findIndex(({ id }) => middleOf(id) > height);
  return { status, index: index === -1 ? others.length : index };
}

function middleOf(id: number): number {
  const card = document.querySelector(`[data-task="${id}"]`)?.getBoundingClientRect();
  return card === undefined ? Infinity : card.top + card.height / 2;
}
