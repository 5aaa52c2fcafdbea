import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyPassword } from "../../examples/quickstart/password.ts";
import type { WebsocketClient } from "../../src/testing.ts";
import { ExampleProcess, temporaryFolder } from "./example-process.ts";
import { type RunningQuickstart, startQuickstart } from "./start-quickstart.ts";

// Every test starts a process and some hash passwords, which is slow by design.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const HASHING = 30_000;

const user = (id: number, username = `test ${id}`, email = `${id}@example.com`) => ({ id, username, email });
const created = { username: "new user 4", password1: "testpassword123", password2: "testpassword123", email: "4@example.com" };

/** The documented requests and answers, in the order in which they are documented. */
const table = [
  { send: { action: "list" }, data: [user(1), user(2), user(3)], status: 200 },
  { send: { action: "retrieve", pk: 2 }, data: user(2), status: 200 },
  {
    send: { action: "patch", pk: 2, data: { email: "edited@example.com" } },
    data: user(2, "test 2", "edited@example.com"),
    status: 200,
  },
  { send: { action: "update", pk: 2, data: { username: "user 2" } }, data: user(2, "user 2", "edited@example.com"), status: 200 },
  { send: { action: "create", data: created }, data: user(4, "new user 4"), status: 201 },
  { send: { action: "delete", pk: 4 }, data: null, status: 204 },
];

function frame(action: string, requestId: number, status: number, data: unknown, errors: unknown[] = []): string {
  return JSON.stringify({ errors, data, action, response_status: status, request_id: requestId });
}

async function ask(client: WebsocketClient, request: object): Promise<unknown> {
  client.sendJson({ request_id: 1, ...request });
  return client.receiveJson(HASHING);
}

test("the documented requests get the documented answers, frame for frame", async () => {
  const { connect } = await startQuickstart();
  const client = await connect();
  for (const [index, { send, data, status }] of table.entries()) {
    client.sendJson({ ...send, request_id: index });
    expect(await client.receiveText(HASHING)).toBe(frame(send.action, index, status, data));
  }
});

test("the writes of the table can be sent at once, and come back in their order", async () => {
  const { connect } = await startQuickstart();
  const client = await connect();
  const writes = table.slice(2);
  for (const [index, { send }] of writes.entries()) client.sendJson({ ...send, request_id: index });
  for (const [index, { send, data, status }] of writes.entries()) {
    expect(await client.receiveText(HASHING)).toBe(frame(send.action, index, status, data));
  }
});

test("frames sent at once each get their answer, reads not waiting for slow writes", async () => {
  const { connect } = await startQuickstart();
  const client = await connect();
  client.sendJson({ ...table[4]?.send, request_id: "slow: hashes a password" });
  client.sendJson({ action: "retrieve", request_id: "fast", pk: 1 });
  expect(await client.receiveJson()).toMatchObject({ request_id: "fast", data: user(1) });
  expect(await client.receiveJson(HASHING)).toMatchObject({ request_id: "slow: hashes a password", response_status: 201 });
});

test("the conversation in the README is what happens", async () => {
  const { connect } = await startQuickstart();
  const client = await connect();
  const lines = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8").split("\n");
  const sent = lines.filter((line) => line.startsWith('> {"action"'));
  const received = lines.filter((line) => line.startsWith('< {"errors"'));
  expect(sent).toHaveLength(received.length);
  for (const [index, line] of sent.entries()) {
    client.sendText(line.slice(2));
    expect(`< ${await client.receiveText(HASHING)}`).toBe(received[index]);
  }
});

test("a second start keeps the data, and does not bring deleted users back", async () => {
  const first = await startQuickstart();
  const client = await first.connect();
  for (const pk of [1, 2, 3]) expect(await ask(client, { action: "delete", pk })).toMatchObject({ response_status: 204 });
  expect(await ask(client, { action: "create", data: created })).toMatchObject({ data: user(4, "new user 4") });
  await first.process.stop("SIGTERM");

  const second = await startQuickstart({ databaseUrl: first.databaseUrl });
  const again = await second.connect();
  expect(await ask(again, { action: "list" })).toMatchObject({ data: [user(4, "new user 4")] });
  await ask(again, { action: "delete", pk: 4 });
  await second.process.stop("SIGTERM");

  const third = await startQuickstart({ databaseUrl: first.databaseUrl });
  expect(await ask(await third.connect(), { action: "list" })).toMatchObject({ data: [] });
});

test("a relative DATABASE_URL is a file where the server was started", async () => {
  const folder = await temporaryFolder();
  const server = new ExampleProcess("quickstart", "relative.db", 0, { cwd: folder });
  await server.port();
  await server.stop("SIGTERM");
  expect(await readdir(folder)).toContain("relative.db");
});

test("a taken port gives one line that says what to do, and exit code 1", async () => {
  const other = createServer().listen(0);
  try {
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const server = new ExampleProcess("quickstart", join(await temporaryFolder(), "quickstart.db"), port);
    expect(await server.exited).toBe(1);
    expect(server.stdout).toBe("");
    expect(server.stderr).toMatch(new RegExp(`^Port ${port} is taken\\. [^\\n]+\\n$`));
  } finally {
    other.close();
  }
});

test("a PORT that is none gives one line and exit code 1", async () => {
  const server = new ExampleProcess("quickstart", join(await temporaryFolder(), "quickstart.db"), "http");
  expect(await server.exited).toBe(1);
  expect(server.stderr).toMatch(/^[^\n]*PORT[^\n]*"http"[^\n]*\n$/);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal}: what is under way is answered, clients see 1001, and the server exits with 0`, async () => {
    const { process: server, connect } = await startQuickstart();
    const client = await connect();
    await ask(client, { action: "retrieve", pk: 1 });
    client.sendJson({ ...table[4]?.send, request_id: "under way" });
    client.sendJson({ action: "retrieve", request_id: "seen", pk: 1 });
    expect(await client.receiveJson()).toMatchObject({ request_id: "seen" });
    const exitCode = server.stop(signal);
    expect(await client.receiveJson(HASHING)).toMatchObject({ request_id: "under way", response_status: 201 });
    expect(await client.receiveClose()).toMatchObject({ code: 1001 });
    expect(await exitCode).toBe(0);
  });
}

test("passwords are stored as scrypt hashes, those of the first users too, and are in no frame", async () => {
  const { connect, databaseUrl } = await startQuickstart();
  const client = await connect();
  client.sendJson({ action: "create", request_id: 1, data: created });
  client.sendJson({ action: "create", request_id: 2, data: { username: "five", password: " spaces count " } });
  client.sendJson({ action: "update", request_id: 3, pk: 1, data: { username: "one", password: "updated-secret" } });
  client.sendJson({ action: "patch", request_id: 4, pk: 2, data: { password1: "patched-secret", password2: "patched-secret" } });
  const frames: string[] = [];
  while (frames.length < 4) frames.push(await client.receiveText(HASHING));
  client.sendJson({ action: "list", request_id: 5 });
  frames.push(await client.receiveText());

  expect(frames.map((text) => (JSON.parse(text) as { response_status: number }).response_status)).toEqual([
    201, 201, 200, 200, 200,
  ]);
  expect(frames.join("\n")).not.toMatch(/password|secret|scrypt|spaces count/);
  const stored = readPasswords(databaseUrl);
  expect(stored).toHaveLength(5);
  for (const password of stored) expect(password).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword("updated-secret", stored[0] ?? "")).toBe(true);
  expect(await verifyPassword("patched-secret", stored[1] ?? "")).toBe(true);
  expect(await verifyPassword("testpassword123", stored[3] ?? "")).toBe(true);
  expect(await verifyPassword(" spaces count ", stored[4] ?? "")).toBe(true);
  expect(await verifyPassword("spaces count", stored[4] ?? "")).toBe(false);
});

function readPasswords(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT password FROM auth_user ORDER BY id").all() as { password: string }[];
  database.close();
  return rows.map(({ password }) => password);
}

test("a change without a password leaves it as it was", async () => {
  const { connect, databaseUrl } = await startQuickstart();
  const client = await connect();
  const before = readPasswords(databaseUrl);
  await ask(client, { action: "update", pk: 2, data: { username: "renamed" } });
  await ask(client, { action: "patch", pk: 3, data: { email: "" } });
  expect(readPasswords(databaseUrl)).toEqual(before);
});

const refused = [
  {
    title: "two passwords that differ",
    data: { username: "x", password1: "a", password2: "b" },
    errors: { password2: ["The two password fields didn't match."] },
  },
  {
    title: "the first password alone",
    data: { username: "x", password1: "a" },
    errors: { password2: ["This field is required."] },
  },
  {
    title: "the second password alone",
    data: { username: "x", password: "a", password2: "a" },
    errors: { password1: ["This field is required."] },
  },
  { title: "no password", data: { username: "x" }, errors: { password: ["This field is required."] } },
  { title: "a blank password", data: { username: "x", password: "  " }, errors: { password: ["This field may not be blank."] } },
  {
    title: "a username that is taken",
    data: { username: "test 1", password: "a" },
    errors: { username: ["auth user with this username already exists."] },
  },
];

describe("without a change to the data", () => {
  let quickstart: RunningQuickstart;
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    quickstart = await startQuickstart({ atEnd: (cleanup) => cleanups.push(cleanup) });
  });
  afterAll(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  });

  test("the start says what to try: the explorer, a terminal client, a frame", async () => {
    const { process: server, port } = quickstart;
    expect(server.stdout).toContain(`http://localhost:${port}/`);
    expect(server.stdout).toContain(`npx wscat -c ws://localhost:${port}/ws/`);
    expect(server.stdout).toContain('{"action": "list", "request_id": 1}');
    expect(server.stderr).toBe("");
  });

  test("GET /healthz answers 200, GET / leads to the explorer, and any other path is 404", async () => {
    const { port } = quickstart;
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
    expect((await get("/healthz")).status).toBe(200);
    const home = await get("/?utm=1");
    expect([home.status, home.headers.get("location")]).toEqual([302, "/explorer/"]);
    expect((await get("/package.json")).status).toBe(404);
    expect((await get("/../server.ts")).status).toBe(404);
  });

  test("the explorer knows the six actions, and that nobody can be logged in", async () => {
    const { port } = quickstart;
    const { title, contract, logsInAs } = await (await fetch(`http://127.0.0.1:${port}/explorer/contract.json`)).json();
    expect([title, logsInAs]).toEqual(["Quickstart", false]);
    const names = contract.resources[0].actions.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["list", "retrieve", "create", "update", "patch", "delete"]));
  });

  test("the explorer may load nothing from elsewhere and run nothing inline", async () => {
    const { port } = quickstart;
    const page = await fetch(`http://127.0.0.1:${port}/explorer/`);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
  });

  test.each(refused)("$title: 400 on its field, and no row", async ({ data, errors }) => {
    const client = await quickstart.connect();
    client.sendJson({ action: "create", request_id: 1, data });
    expect(await client.receiveText()).toBe(frame("create", 1, 400, null, [errors]));
    expect(await ask(client, { action: "list" })).toMatchObject({ data: [user(1), user(2), user(3)] });
  });

  test("two passwords that differ are refused in an update as well", async () => {
    const client = await quickstart.connect();
    const answer = await ask(client, { action: "patch", pk: 1, data: { password1: "a", password2: "b" } });
    expect(answer).toMatchObject({ response_status: 400, errors: [{ password2: ["The two password fields didn't match."] }] });
  });

  test("an update still needs what a user cannot be without", async () => {
    const answer = await ask(await quickstart.connect(), { action: "update", pk: 1, data: { email: "x@example.com" } });
    expect(answer).toMatchObject({ response_status: 400, errors: [{ username: ["This field is required."] }] });
  });
});
