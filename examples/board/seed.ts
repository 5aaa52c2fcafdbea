import { generateNKeysBetween } from "fractional-indexing";
import { hashPassword } from "../quickstart/password.ts";
import { db, Member, Person, Project, Task } from "./models.ts";
import type { COLORS, STATUSES } from "./tables.ts";

/** Of everybody in the example. */
export const PASSWORD = "board";

type Status = (typeof STATUSES)[number];

interface SeededPerson {
  readonly username: string;
  readonly name: string;
  readonly color: (typeof COLORS)[number];
}

interface SeededProject {
  readonly name: string;
  readonly color: (typeof COLORS)[number];
  /** The first one owns it. */
  readonly members: readonly string[];
  /** Title, who it is assigned to, and notes. */
  readonly tasks: Readonly<Record<Status, readonly (readonly [title: string, assignee?: string, notes?: string])[]>>;
}

const PEOPLE: readonly SeededPerson[] = [
  { username: "ada", name: "Ada Lovelace", color: "violet" },
  { username: "grace", name: "Grace Hopper", color: "teal" },
  { username: "alan", name: "Alan Turing", color: "amber" },
];

const PROJECTS: readonly SeededProject[] = [
  {
    name: "Website relaunch",
    color: "blue",
    members: ["ada", "grace"],
    tasks: {
      todo: [
        ["Write the story on the start page", "ada", "One screen, no jargon. What it does, for whom, and what to click."],
        ["Collect quotes from three customers", "grace"],
        ["Choose a typeface"],
        ["Redirects for the old addresses", "grace", "The list is in the old server's configuration."],
        ["Check contrast in dark mode"],
      ],
      doing: [
        ["Sketch the new navigation", "ada"],
        ["Move the documentation", "grace", "Chapter by chapter, so that nothing is offline."],
      ],
      done: [
        ["Agree on the goals", "ada"],
        ["Measure how fast the old pages are", "grace"],
        ["List what nobody reads", "ada"],
      ],
    },
  },
  {
    name: "Mobile app",
    color: "rose",
    members: ["grace", "ada", "alan"],
    tasks: {
      todo: [
        ["Push notifications", "alan"],
        ["Offline mode", "grace", "Edits are kept and sent when there is a network again."],
        ["Screens for tablets"],
      ],
      doing: [["Sign in with a passkey", "alan"]],
      done: [["Icon and splash screen", "ada"]],
    },
  },
  {
    name: "Allotment",
    color: "green",
    members: ["alan"],
    tasks: {
      todo: [["Mend the fence", "alan"], ["Order seed potatoes"]],
      doing: [["Sow broad beans", "alan"]],
      done: [["Prune the apple tree", "alan"]],
    },
  },
];

/** Fills a new database with three people and their projects. */
export async function seed(): Promise<void> {
  if (await Person.objects.exists()) return;
  const password = await hashPassword(PASSWORD);
  await db.atomic(async () => {
    const people = await Person.objects.bulkCreate(PEOPLE.map((person) => ({ ...person, password })));
    const ids = new Map(people.map(({ username, id }) => [username, id]));
    const idOf = (username: string): number => ids.get(username) ?? 0;
    for (const project of PROJECTS) await addProject(project, idOf);
  });
}

async function addProject({ name, color, members, tasks }: SeededProject, idOf: (username: string) => number): Promise<void> {
  const { id: projectId } = await Project.objects.create({ name, color, ownerId: idOf(members[0] ?? "") });
  await Member.objects.bulkCreate(members.map((username) => ({ projectId, personId: idOf(username) })));
  const createdAt = new Date().toISOString();
  for (const status of ["todo", "doing", "done"] as const) {
    const positions = generateNKeysBetween(null, null, tasks[status].length);
    await Task.objects.bulkCreate(
      tasks[status].map(([title, assignee, notes = ""], index) => ({
        projectId,
        title,
        notes,
        status,
        assigneeId: assignee === undefined ? null : idOf(assignee),
        position: positions[index] ?? "a0",
        createdAt,
      })),
    );
  }
}
