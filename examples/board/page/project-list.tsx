import { type FormEvent, useState } from "react";
import { useAction, useClient, useLiveCount } from "restwave/react";
import type { Project } from "./client.ts";
import { Icon } from "./icon.tsx";
import { selectProject } from "./use-selected-project.ts";

const COLORS = ["violet", "blue", "teal", "green", "amber", "rose"] as const;

export interface ProjectListProps {
  readonly projects: readonly Project[] | undefined;
  readonly selected: Project | undefined;
}

export function ProjectList({ projects, selected }: ProjectListProps) {
  return (
    <nav className="projects" aria-label="Projects">
      <h2 className="projects-title">Projects</h2>
      <ul>
        {projects?.map((project) => (
          <li key={project.id}>
            <a
              href={`#/projects/${project.id}`}
              className="project-link"
              data-color={project.color}
              aria-current={project === selected ? "page" : undefined}
            >
              <span className="project-dot" aria-hidden="true" />
              <span className="project-name">{project.name}</span>
              <OpenTasks project={project} />
            </a>
          </li>
        ))}
      </ul>
      <NewProject color={COLORS[(projects?.length ?? 0) % COLORS.length] ?? "blue"} />
    </nav>
  );
}

function OpenTasks({ project }: { project: Project }) {
  const { tasks } = useClient();
  const { data } = useLiveCount(tasks, { filters: { project: project.id, status__in: ["todo", "doing"] } });
  return (
    <span className="count" aria-label={`${data ?? 0} open tasks`}>
      {data}
    </span>
  );
}

function NewProject({ color }: Pick<Project, "color">) {
  const { projects } = useClient();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState("");
  const { run, pending, fieldErrors, reset } = useAction(projects.create);

  const close = () => {
    setOpen(false);
    setName("");
    reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run({ name, color }).then(
      ({ id }) => {
        close();
        selectProject(id);
      },
      () => undefined,
    );
  };

  if (!isOpen)
    return (
      <button className="quiet new-project" onClick={() => setOpen(true)}>
        <Icon name="plus" /> New project
      </button>
    );
  return (
    <form className="new-project-form" onSubmit={submit}>
      <input
        // The user has just asked for it.
        autoFocus
        aria-label="Name of the new project"
        placeholder="Name"
        value={name}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={({ key }) => key === "Escape" && close()}
      />
      {fieldErrors.name?.map((message) => (
        <p key={String(message)} className="problem">
          {String(message)}
        </p>
      ))}
      <span className="row">
        <button className="primary" disabled={pending || name.trim() === ""}>
          Add
        </button>
        <button type="button" className="quiet" onClick={close}>
          Cancel
        </button>
      </span>
    </form>
  );
}
