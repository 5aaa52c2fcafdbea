import { useClient, useLiveInstance } from "restwave/react";
import type { Person, Task } from "./client.ts";
import { Dialog } from "./dialog.tsx";
import { EditedText } from "./edited-text.tsx";
import { Icon } from "./icon.tsx";
import { useWrites } from "./notices.tsx";
import { placeTask } from "./place-task.ts";
import { COLUMNS } from "./use-columns.ts";

export interface TaskDialogProps {
  readonly taskId: number;
  readonly team: readonly Person[];
  readonly onClose: () => void;
}

/** One task, as it is now: what others change changes here too. */
export function TaskDialog({ taskId, team, onClose }: TaskDialogProps) {
  const { tasks } = useClient();
  const { data: task, error } = useLiveInstance(tasks, taskId);
  return (
    <Dialog label="Task" onClose={onClose}>
      {task === null && <p className="muted">This task was deleted, or you are no longer a member of its project.</p>}
      {error !== null && <p className="problem">{error.message}</p>}
      {task !== null && task !== undefined && <TaskForm task={task} team={team} onClose={onClose} />}
    </Dialog>
  );
}

function TaskForm({ task, team, onClose }: { task: Task; team: readonly Person[]; onClose: () => void }) {
  const client = useClient();
  const { tasks } = client;
  const { perform } = useWrites();
  const patch = (changes: Partial<Task>) => perform(tasks.patch(task.id, changes, { optimistic: true }));
  return (
    <>
      <EditedText
        label="Title"
        className="edited-title"
        rows={1}
        value={task.title}
        isRequired
        onSave={(title) => patch({ title })}
      />
      <div className="fields">
        <label className="field">
          <span>Status</span>
          <select
            value={task.status}
            onChange={({ target }) => {
              const column = COLUMNS.find(({ status }) => status === target.value);
              if (column !== undefined) perform(placeTask(client, task, { status: column.status, position: task.position }));
            }}
          >
            {COLUMNS.map(({ status, title }) => (
              <option key={status} value={status}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Assigned to</span>
          <select
            value={task.assignee ?? ""}
            onChange={({ target }) => patch({ assignee: target.value === "" ? null : Number(target.value) })}
          >
            <option value="">Nobody</option>
            {team.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="field">
        <span>Notes</span>
        <EditedText
          label="Notes"
          className="edited-notes"
          rows={7}
          placeholder="What there is to know about it"
          value={task.notes}
          onSave={(notes) => patch({ notes })}
        />
      </label>
      <div className="dialog-end">
        <span className="muted">Saved as you go</span>
        <button
          className="quiet danger"
          onClick={() => {
            perform(tasks.delete(task.id, { optimistic: true }));
            onClose();
          }}
        >
          <Icon name="trash" /> Delete
        </button>
      </div>
    </>
  );
}
