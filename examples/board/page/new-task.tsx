import { type FormEvent, useState } from "react";
import { useClient } from "restwave/react";
import type { Project, Status, Task } from "./client.ts";
import { Icon } from "./icon.tsx";
import { useWrites } from "./notices.tsx";
import { positionAt } from "./place-task.ts";

export interface NewTaskProps {
  readonly project: Project;
  readonly status: Status;
  /** Of the column; undefined before they are there, when nothing can be put behind the last one. */
  readonly tasks: readonly Task[] | undefined;
  readonly assignee: number | null;
}

/** Adds tasks at the end of a column, one after another. */
export function NewTask({ project, status, tasks, assignee }: NewTaskProps) {
  const client = useClient();
  const { perform } = useWrites();
  const [title, setTitle] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (tasks === undefined || title.trim() === "") return;
    const position = positionAt(tasks, tasks.length);
    const task = { project: project.id, title: title.trim(), status, assignee, position };
    perform(client.tasks.create(task, { optimistic: true }));
    setTitle("");
  };

  return (
    <form className="new-task" onSubmit={submit}>
      <Icon name="plus" />
      <input
        aria-label={`Add a task to ${status}`}
        placeholder="Add a task"
        maxLength={200}
        disabled={tasks === undefined}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
    </form>
  );
}
