import { useEffect } from "react";
import { isAPIError } from "restwave/client";
import { useClient, useLiveList } from "restwave/react";
import { Avatar } from "./avatar.tsx";
import type { Person } from "./client.ts";
import { ConnectionBadge } from "./connection-badge.tsx";
import { Logo } from "./logo.tsx";
import { ProjectBoard } from "./project-board.tsx";
import { ProjectList } from "./project-list.tsx";
import { useSelectedProject } from "./use-selected-project.ts";

export interface WorkspaceProps {
  readonly person: Person;
  readonly onLogOut: () => void;
  /** The server does not know the session any more. */
  readonly onSessionLost: () => void;
}

/** A user's projects, and the board of one of them. */
export function Workspace({ person, onLogOut, onSessionLost }: WorkspaceProps) {
  const client = useClient();
  const { data: projects, error } = useLiveList(client.projects, { ordering: "name" });
  const { data: people = [] } = useLiveList(client.people, { ordering: "name" });
  const selectedId = useSelectedProject();
  const selected = projects?.find(({ id }) => id === selectedId) ?? projects?.[0];
  const isLoggedOut = isAPIError(error) && [401, 403].includes(error.status);

  useEffect(() => {
    if (isLoggedOut) onSessionLost();
  }, [isLoggedOut, onSessionLost]);

  return (
    <div className="workspace" data-color={selected?.color}>
      <header className="bar">
        <Logo />
        <ConnectionBadge />
        <span className="bar-user">
          <Avatar person={person} />
          <span className="bar-name">{person.name}</span>
          <button className="quiet" onClick={onLogOut}>
            Log out
          </button>
        </span>
      </header>
      <ProjectList projects={projects} selected={selected} />
      <main className="content">
        {error !== null && !isLoggedOut && <p className="problem">{error.message}</p>}
        {projects?.length === 0 && <Empty />}
        {selected !== undefined && <ProjectBoard key={selected.id} project={selected} person={person} people={people} />}
      </main>
    </div>
  );
}

function Empty() {
  return (
    <div className="empty">
      <h2>No projects yet</h2>
      <p className="muted">Make one, or ask somebody to add you to theirs. It appears here at once.</p>
    </div>
  );
}
