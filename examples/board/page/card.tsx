import { useDraggable } from "@dnd-kit/core";
import { type KeyboardEvent, memo, useEffect, useRef } from "react";
import { Avatar } from "./avatar.tsx";
import type { Person, Task } from "./client.ts";
import { Icon } from "./icon.tsx";

export interface CardProps {
  readonly task: Task;
  readonly team: readonly Person[];
  /** The one in the user's hand. */
  readonly isOverlay?: boolean;
  /** The place that the one in the user's hand came from. */
  readonly isDragged?: boolean;
  readonly onOpen?: () => void;
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** The card that a key has moved: it keeps the focus in its new column. */
let movedByKey: number | null = null;

export const Card = memo(function Card({ task, team, isOverlay, isDragged, onOpen, onKey }: CardProps) {
  // Until the server has answered, a new task has no key of its own.
  const isSaved = Number.isInteger(task.id);
  const { setNodeRef, listeners } = useDraggable({
    id: isOverlay ? "overlay" : task.id,
    disabled: !isSaved || isOverlay === true,
  });
  const element = useRef<HTMLButtonElement | null>(null);
  const assignee = team.find(({ id }) => id === task.assignee);

  useEffect(() => {
    if (movedByKey === task.id) element.current?.focus();
  }, [task.id, task.status]);

  return (
    <button
      ref={(node) => {
        element.current = node;
        setNodeRef(node);
      }}
      {...listeners}
      className="card"
      data-task={isOverlay ? undefined : task.id}
      data-overlay={isOverlay}
      data-dragged={isDragged || undefined}
      data-saving={!isSaved || undefined}
      data-status={task.status}
      disabled={!isSaved}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight"
      onClick={onOpen}
      onBlur={() => {
        if (movedByKey === task.id) movedByKey = null;
      }}
      onKeyDown={(event) => {
        if (event.altKey && event.key.startsWith("Arrow")) {
          event.preventDefault();
          movedByKey = task.id;
        }
        onKey?.(event);
      }}
    >
      <span className="card-title">{task.title}</span>
      {task.notes !== "" && (
        <span className="card-notes" title="Has notes">
          <Icon name="notes" />
        </span>
      )}
      {assignee !== undefined && <Avatar person={assignee} />}
    </button>
  );
});
