import {
  DndContext,
  type DragMoveEvent,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useState } from "react";
import { useClient } from "restwave/react";
import { Card } from "./card.tsx";
import type { Person, Project, Task } from "./client.ts";
import { Column } from "./column.tsx";
import { type DropPlace, dropPlace } from "./drop-place.ts";
import { moveByKey } from "./move-by-key.ts";
import { useWrites } from "./notices.tsx";
import { placeTask, positionAt } from "./place-task.ts";
import { COLUMNS, type Shown, useColumns } from "./use-columns.ts";

export interface BoardProps {
  readonly project: Project;
  readonly team: readonly Person[];
  readonly shown: Shown;
  readonly onOpen: (taskId: number) => void;
}

/** Columns of cards that can be dragged, with a mouse or a finger, or moved with Alt and the arrow keys. */
export function Board({ project, team, shown, onOpen }: BoardProps) {
  const client = useClient();
  const { perform } = useWrites();
  const columns = useColumns(project, shown);
  const [dragged, setDragged] = useState<Task | null>(null);
  const [place, setPlace] = useState<DropPlace | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
  );

  const move = (task: Task, { status, index }: DropPlace) => {
    const column = (columns[status] ?? []).filter(({ id }) => id !== task.id);
    perform(placeTask(client, task, { status, position: positionAt(column, index) }));
    const { title = "" } = COLUMNS.find((one) => one.status === status) ?? {};
    setAnnouncement(`${task.title}: ${title}, ${index + 1} of ${column.length + 1}`);
  };
  const placeOf = ({ active, over }: DragMoveEvent): DropPlace | null => {
    const { status } = COLUMNS.find((column) => column.status === over?.id) ?? {};
    const { translated } = active.rect.current;
    if (dragged === null || status === undefined || translated === null) return null;
    return dropPlace(status, columns[status] ?? [], dragged, translated.top + translated.height / 2);
  };
  const stop = () => {
    setDragged(null);
    setPlace(null);
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }) =>
        setDragged(Object.values(columns).flatMap((tasks) => tasks?.filter(({ id }) => id === active.id) ?? [])[0] ?? null)
      }
      onDragMove={(event) => {
        const next = placeOf(event);
        setPlace((last) => (last?.status === next?.status && last?.index === next?.index ? last : next));
      }}
      onDragEnd={(event) => {
        const end = placeOf(event);
        if (dragged !== null && end !== null) move(dragged, end);
        stop();
      }}
      onDragCancel={stop}
    >
      <div className="board">
        {COLUMNS.map(({ status, title }) => (
          <Column
            key={status}
            project={project}
            status={status}
            title={title}
            tasks={columns[status]}
            team={team}
            assignee={shown.assignee}
            draggedId={dragged?.id ?? null}
            dropIndex={place?.status === status ? place.index : null}
            onOpen={onOpen}
            onKey={(task, event) => {
              const target = moveByKey(columns, task, event);
              if (target !== null) move(task, target);
            }}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>{dragged !== null && <Card task={dragged} team={team} isOverlay />}</DragOverlay>
      <p className="hidden" role="status">
        {announcement}
      </p>
    </DndContext>
  );
}
