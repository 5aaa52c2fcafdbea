import { beforeEach, expect, test, vi } from "vitest";
import { when } from "../client/when.ts";
import { BoardProcess } from "./start-board.ts";

const [ADA, GRACE, ALAN] = [1, 2, 3];

// Each test starts a server.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let board: BoardProcess;
beforeEach(async () => {
  board = await BoardProcess.start();
});

test("users have their own projects, and of others not even a hint", async () => {
  const [ada, alan] = await Promise.all([board.client("ada"), board.client("alan")]);
  expect((await ada.projects.list()).map(({ name }) => name)).toEqual(["Website relaunch", "Mobile app"]);
  expect((await alan.projects.list()).map(({ name }) => name)).toEqual(["Mobile app", "Allotment"]);
  const [website] = await ada.projects.list();
  const project = website?.id ?? 0;
  const [task] = await ada.tasks.list({ filters: { project } });
  expect(await alan.tasks.list({ filters: { project } })).toEqual([]);
  expect(await alan.members.list({ filters: { project } })).toEqual([]);
  await expect(alan.tasks.retrieve(task?.id ?? 0)).rejects.toMatchObject({ status: 404 });
  await expect(alan.tasks.patch(task?.id ?? 0, { title: "Mine" })).rejects.toMatchObject({ status: 404 });
  const missing = await alan.tasks.create({ project: 999, title: "x", position: "a0" }).catch((error: unknown) => error);
  const hidden = await alan.tasks.create({ project, title: "x", position: "a0" }).catch((error: unknown) => error);
  expect(hidden).toMatchObject({ status: 400, fieldErrors: { project: ['Invalid pk "1" - object does not exist.'] } });
  expect(missing).toMatchObject({ status: 400, fieldErrors: { project: ['Invalid pk "999" - object does not exist.'] } });
});

test("nobody sees anything without a session", async () => {
  const nobody = board.clientWith("board_session=1.9999999999.forged");
  await expect(nobody.tasks.list()).rejects.toMatchObject({ status: 403 });
  await expect(nobody.people.live({}).ready()).rejects.toMatchObject({ status: 403 });
  expect(await (await board.send("GET")).json()).toBeNull();
});

test("a login needs the right password, and no other site can send it", async () => {
  const right = await board.logIn("ada", "board");
  expect([right.status, await right.json()]).toEqual([200, { id: ADA, name: "Ada Lovelace", color: "violet" }]);
  const cookie = right.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^board_session=[^;]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await (await board.send("GET", null, { cookie: cookie.split(";")[0] ?? "" })).json()).toMatchObject({ id: ADA });
  for (const [name, password] of [
    ["ada", "wrong"],
    ["nobody", "board"],
    ["ada", ""],
  ] as const)
    expect((await board.logIn(name, password)).status).toBe(401);
  expect((await board.send("POST", "username=ada&password=board")).status).toBe(415);
  expect((await board.send("POST", "{", { "content-type": "application/json" })).status).toBe(401);
});

test("owners add and remove, members leave, and what was theirs is nobody's", async () => {
  const [ada, grace] = await Promise.all([board.client("ada"), board.client("grace")]);
  const [website] = await ada.projects.list();
  const project = website?.id ?? 0;
  const own = ada.members.live({ filters: { project }, ordering: "id" });
  const stop = own.subscribe(() => undefined);
  const members = await own.ready();
  const of = (person: number) => members.find((member) => member.person === person)?.id ?? 0;

  await expect(grace.members.create({ project, person: ALAN ?? 0 })).rejects.toMatchObject({ status: 403 });
  await expect(grace.members.delete(of(ADA ?? 0))).rejects.toMatchObject({ status: 403 });
  await expect(ada.members.delete(of(ADA ?? 0))).rejects.toMatchObject({ status: 403 });
  await expect(grace.projects.delete(project)).rejects.toMatchObject({ status: 403 });
  await expect(grace.projects.patch(project, { name: "Ours" })).rejects.toMatchObject({ status: 403 });

  await grace.members.delete(of(GRACE ?? 0));
  await when(own, ({ data }) => data?.length === 1);
  expect(await ada.tasks.list({ filters: { project, assignee: GRACE ?? 0 } })).toEqual([]);
  await expect(ada.tasks.create({ project, title: "x", position: "a0", assignee: GRACE ?? 0 })).rejects.toMatchObject({
    fieldErrors: { assignee: ["Only members of the project can be assigned to its tasks."] },
  });
  stop();
});

test("live lists follow memberships: what is lost goes, what is gained comes", async () => {
  const [ada, grace] = await Promise.all([board.client("ada"), board.client("grace")]);
  const [website] = await ada.projects.list();
  const project = website?.id ?? 0;
  const tasks = grace.tasks.live({ filters: { project } });
  const projects = grace.projects.live({});
  const count = grace.tasks.liveCount({ filters: { project } });
  const stops = [tasks, projects, count].map((query) => query.subscribe(() => undefined));
  expect((await tasks.ready()).length).toBe(10);
  expect((await projects.ready()).length).toBe(2);
  const membership = (await ada.members.list({ filters: { project } })).find(({ person }) => person === GRACE);

  await ada.members.delete(membership?.id ?? 0);
  await when(tasks, ({ data }) => data?.length === 0);
  await when(projects, ({ data }) => data?.length === 1);
  await when(count, ({ data }) => data === 0);
  await expect(grace.tasks.list({ filters: { project } })).resolves.toEqual([]);

  await ada.members.create({ project, person: GRACE ?? 0 });
  await when(tasks, ({ data }) => data?.length === 10);
  await when(projects, ({ data }) => data?.length === 2);
  for (const stop of stops) stop();
});

test("a new project is its maker's at once, and takes its tasks along when it goes", async () => {
  const alan = await board.client("alan");
  const projects = alan.projects.live({ ordering: "name" });
  const stop = projects.subscribe(() => undefined);
  await projects.ready();
  const { id: project } = await alan.projects.create({ name: "Bombe", color: "teal" });
  await when(projects, ({ data }) => data?.some(({ id }) => id === project) === true);
  const task = await alan.tasks.create({ project, title: "Wire the drums", position: "a0" });
  await expect(alan.tasks.patch(task.id, { project: 2 })).rejects.toMatchObject({
    fieldErrors: { project: ["A task stays in its project."] },
  });
  await alan.projects.delete(project);
  await when(projects, ({ data }) => data?.every(({ id }) => id !== project) === true);
  await expect(alan.tasks.retrieve(task.id)).rejects.toMatchObject({ status: 404 });
  stop();
});
