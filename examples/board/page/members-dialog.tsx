import { useClient } from "restwave/react";
import { Avatar } from "./avatar.tsx";
import type { Member, Person, Project } from "./client.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useWrites } from "./notices.tsx";

export interface MembersDialogProps {
  readonly project: Project;
  /** Who is logged in. */
  readonly person: Person;
  readonly people: readonly Person[];
  readonly members: readonly Member[];
  readonly onClose: () => void;
}

/** Who belongs to a project. Its owner adds and removes, the others may leave. */
export function MembersDialog({ project, person, people, members, onClose }: MembersDialogProps) {
  const client = useClient();
  const { perform } = useWrites();
  const isOwner = project.owner === person.id;
  const others = people.filter(({ id }) => !members.some((member) => member.person === id));

  return (
    <Dialog label={`Members of ${project.name}`} onClose={onClose}>
      <h2>Members</h2>
      <ul className="members">
        {members.map(({ id, person: personId }) => {
          const member = people.find((one) => one.id === personId) ?? null;
          const mayGo = personId !== project.owner && (isOwner || personId === person.id);
          return (
            <li key={id} className="member">
              <Avatar person={member} />
              <span className="member-name">{member?.name}</span>
              {personId === project.owner && <span className="muted">Owner</span>}
              {mayGo && (
                <button className="quiet" onClick={() => perform(client.members.delete(id))}>
                  {personId === person.id ? "Leave" : "Remove"}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {isOwner && others.length > 0 && (
        <>
          <h3>Add somebody</h3>
          <ul className="members">
            {others.map((other) => (
              <li key={other.id} className="member">
                <Avatar person={other} />
                <span className="member-name">{other.name}</span>
                <button
                  className="quiet"
                  onClick={() => perform(client.members.create({ project: project.id, person: other.id }))}
                >
                  <Icon name="plus" /> Add
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {isOwner && (
        <div className="dialog-end">
          <span className="muted">Deleting takes its tasks along</span>
          <button
            className="quiet danger"
            onClick={() => {
              perform(client.projects.delete(project.id));
              onClose();
            }}
          >
            <Icon name="trash" /> Delete project
          </button>
        </div>
      )}
    </Dialog>
  );
}
