import { useDroppable } from "@dnd-kit/core";
import type { KeyboardEvent } from "react";
import { Card } from "./card.tsx";
import type { Person, Project, Status, Task } from "./client.ts";
import { NewTask } from "./new-task.tsx";

export interface ColumnProps {
  readonly project: Project;
  readonly status: Status;
  readonly title: string;
  /** Undefined before they are there. */
  readonly tasks: readonly Task[] | undefined;
  readonly team: readonly Person[];
  /** The person of whom alone tasks are shown. */
  readonly assignee: number | null;
  readonly draggedId: number | null;
  /** Where the dragged card would be dropped, among the others. */
  readonly dropIndex: number | null;
  readonly onOpen: (taskId: number) => void;
  readonly onKey: (task: Task, event: KeyboardEvent) => void;
}

export function Column(props: ColumnProps) {
  const { project, status, title, tasks, team, assignee, draggedId, dropIndex, onOpen, onKey } = props;
  const { setNodeRef } = useDroppable({ id: status });
  const others = tasks?.filter(({ id }) => id !== draggedId) ?? [];
  const before = dropIndex === null ? undefined : others[dropIndex]?.id;

  return (
    <section
      className="column"
      ref={setNodeRef}
      aria-label={title}
      aria-busy={tasks === undefined}
      data-over={dropIndex !== null || undefined}
    >
      <h2 className="column-title">
        <span className="column-dot" data-status={status} aria-hidden="true" />
        {title}
        <span className="count">{tasks?.length}</span>
      </h2>
      <ul className="cards">
        {tasks?.map((task) => (
          <li key={task.id} className="card-place" data-drop={task.id === before || undefined}>
            <Card
              task={task}
              team={team}
              isDragged={task.id === draggedId}
              onOpen={() => onOpen(task.id)}
              onKey={(event) => onKey(task, event)}
            />
          </li>
        ))}
        {dropIndex !== null && before === undefined && <li className="drop-end" aria-hidden="true" />}
      </ul>
      {tasks?.length === 0 && dropIndex === null && <p className="column-empty">Nothing here</p>}
      <NewTask project={project} status={status} tasks={tasks} assignee={assignee} />
    </section>
  );
}
