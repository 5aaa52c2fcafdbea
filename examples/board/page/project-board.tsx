import { useDeferredValue, useState } from "react";
import { useClient, useLiveList } from "restwave/react";
import { Avatar } from "./avatar.tsx";
import { Board } from "./board.tsx";
import type { Person, Project } from "./client.ts";
import { Icon } from "./icon.tsx";
import { MembersDialog } from "./members-dialog.tsx";
import { TaskDialog } from "./task-dialog.tsx";
import type { Shown } from "./use-columns.ts";

export interface ProjectBoardProps {
  readonly project: Project;
  /** Who is logged in. */
  readonly person: Person;
  readonly people: readonly Person[];
}

/** A project's name, members and filters over its board. */
export function ProjectBoard({ project, person, people }: ProjectBoardProps) {
  const client = useClient();
  const { data: members = [] } = useLiveList(client.members, { filters: { project: project.id }, ordering: "id" });
  const team = members.flatMap((member) => people.filter(({ id }) => id === member.person));
  const [shown, setShown] = useState<Shown>({ search: "", assignee: null });
  const [opened, setOpened] = useState<number | null>(null);
  const [isManaging, setManaging] = useState(false);

  return (
    <>
      <div className="project-head">
        <h1>{project.name}</h1>
        <div className="team">
          {team.map((member) => (
            <button
              key={member.id}
              className="team-member"
              aria-pressed={shown.assignee === member.id}
              title={`Only what is assigned to ${member.name}`}
              onClick={() => setShown({ ...shown, assignee: shown.assignee === member.id ? null : member.id })}
            >
              <Avatar person={member} />
            </button>
          ))}
          <button className="quiet" aria-label="Members" onClick={() => setManaging(true)}>
            <Icon name="people" /> <span className="members-label">Members</span>
          </button>
        </div>
        <label className="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search tasks"
            placeholder="Search"
            value={shown.search}
            onChange={({ target }) => setShown({ ...shown, search: target.value })}
          />
        </label>
      </div>
      <Board project={project} team={team} shown={useDeferredValue(shown)} onOpen={setOpened} />
      {opened !== null && <TaskDialog key={opened} taskId={opened} team={team} onClose={() => setOpened(null)} />}
      {isManaging && (
        <MembersDialog project={project} person={person} people={people} members={members} onClose={() => setManaging(false)} />
      )}
    </>
  );
}
