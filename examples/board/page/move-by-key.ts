import type { KeyboardEvent } from "react";
import type { Task } from "./client.ts";
import type { DropPlace } from "./drop-place.ts";
import { COLUMNS, type Columns } from "./use-columns.ts";

/** Where Alt and an arrow key move a task; null where there is no such place, and for all other keys. */
export function moveByKey(columns: Columns, task: Task, event: KeyboardEvent): DropPlace | null {
  if (!event.altKey) return null;
  const at = (columns[task.status] ?? []).findIndex(({ id }) => id === task.id);
  const last = (columns[task.status]?.length ?? 0) - 1;
  const here = COLUMNS.findIndex(({ status }) => status === task.status);
  switch (event.key) {
    case "ArrowUp":
      return at > 0 ? { status: task.status, index: at - 1 } : null;
    case "ArrowDown":
      return at < last ? { status: task.status, index: at + 1 } : null;
    case "ArrowLeft":
      return besides(columns, here - 1, at);
    case "ArrowRight":
      return besides(columns, here + 1, at);
    default:
      return null;
  }
}

function besides(columns: Columns, column: number, at: number): DropPlace | null {
  const { status } = COLUMNS[column] ?? {};
  return status === undefined ? null : { status, index: Math.min(at, columns[status]?.length ?? 0) };
}
