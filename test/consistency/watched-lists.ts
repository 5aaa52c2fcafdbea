import { CountSubscription } from "./count-subscription.ts";
import { ListSubscription } from "./list-subscription.ts";
import type { Subscription } from "./live-reader.ts";
import { STAFF } from "./random-tasks.ts";
import type { Row, Watched } from "./subscription-log.ts";

/** Who reads. */
export interface Viewer {
  readonly user: number;
  /** Projects granted for the whole run; null: grants come and go. */
  readonly projects: readonly number[] | null;
  /** Does the reader stop reading at times? */
  readonly isSlow: boolean;
}

/** What a list is asked for. */
export interface Question {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  matches(row: Row): boolean;
}

const number = (value: unknown): number => Number(value);

/** Filters, orderings and windows, each with what it means in plain words of this language. */
export const questions: readonly Question[] = [
  { name: "all", args: {}, matches: () => true },
  { name: "open", args: { filters: { status: "open" }, ordering: "-priority" }, matches: (row) => row["status"] === "open" },
  {
    name: "urgent",
    args: { filters: { priority__gte: 4, archived: false }, ordering: ["title", "-id"] },
    matches: (row) => number(row["priority"]) >= 4 && row["archived"] === false,
  },
  { name: "alpha", args: { search: "ALPHA", ordering: "due" }, matches: (row) => String(row["title"]).includes("alpha") },
  {
    name: "percent",
    args: { filters: { title__icontains: "0%_" }, ordering: "estimate,-version" },
    matches: (row) => String(row["title"]).includes("0%_"),
  },
  {
    name: "some projects",
    args: { filters: { project__in: [1, 3], status__in: ["open", "doing"] } },
    matches: (row) => [1, 3].includes(number(row["project"])) && row["status"] !== "done",
  },
  {
    name: "nobody's",
    args: { filters: { assignee__isnull: true }, ordering: "-due" },
    matches: (row) => row["assignee"] === null,
  },
  { name: "top 7", args: { ordering: "-priority", limit: 7 }, matches: () => true },
  {
    name: "window",
    args: { filters: { archived: false }, ordering: "title", limit: 5, offset: 4 },
    matches: (row) => row["archived"] === false,
  },
  { name: "latest 10", args: { ordering: "-id", limit: 10 }, matches: () => true },
];

/** The subscriptions of one reader: a list for each question, and two counts. */
export function subscriptionsOf(name: string, viewer: Viewer, asked: readonly Question[] = questions): Subscription[] {
  return [
    ...asked.map((question) => new ListSubscription(watchedBy(name, viewer, question), question.args)),
    new CountSubscription(`${name}: count of all`, {}),
    new CountSubscription(`${name}: count of open`, { filters: { status: "open" } }),
  ];
}

/** What a viewer may get of a question. */
export function watchedBy(name: string, viewer: Viewer, { name: question, args, matches }: Question): Watched {
  return {
    name: `${name}: ${question}`,
    matches,
    maySee: (row, denied) => maySee(viewer, row, denied),
    mayCoalesce: viewer.isSlow,
    changingRights: viewer.projects === null,
    tellsStates: false,
    limit: typeof args["limit"] === "number" ? args["limit"] : null,
  };
}

function maySee({ user, projects }: Viewer, row: Row, denied: ReadonlySet<number>): boolean {
  if (user === STAFF || row["assignee"] === user) return true;
  const project = number(row["project"]);
  return projects === null ? !denied.has(project) : projects.includes(project);
}
