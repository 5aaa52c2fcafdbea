import { beforeAll, expect, onTestFinished, test } from "vitest";
import { startNoteServer } from "../../examples/auth-cookie/app.ts";
import { Account } from "../../examples/auth-cookie/models.ts";
import { readSession, signSession } from "../../examples/auth-cookie/signed-cookie.ts";
import { hashPassword } from "../../examples/quickstart/password.ts";
import { connectTo } from "./listening.ts";

const secret = "a secret of the test";

beforeAll(async () => {
  const password = await hashPassword("correct horse");
  await Account.objects.bulkCreate([
    { username: "ada", password },
    { username: "grace", password },
  ]);
}, 60_000);

async function startServer(): Promise<number> {
  const server = await startNoteServer({ port: 0, secret });
  onTestFinished(() => server.close());
  return server.port;
}

async function logIn(port: number, username: string, password = "correct horse"): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`http://127.0.0.1:${port}/login`, { method: "POST", headers, body: JSON.stringify({ username, password }) });
}

async function connectAs(port: number, username: string) {
  const [cookie = ""] = (await logIn(port, username)).headers.getSetCookie();
  return connectTo(port, { headers: { cookie: cookie.split(";", 1)[0] ?? "" } });
}

test("a cookie from the login opens a socket on which only one's own rows exist", { timeout: 60_000 }, async () => {
  const port = await startServer();
  const ada = await connectAs(port, "ada");
  ada.sendJson({ action: "create", request_id: 1, data: { text: "mine", ownerId: 2 } });
  expect(await ada.receiveJson()).toMatchObject({ response_status: 201, data: { id: 1, text: "mine" } });

  const grace = await connectAs(port, "grace");
  grace.sendJson({ action: "list", request_id: 1 });
  expect(await grace.receiveJson()).toMatchObject({ response_status: 200, data: [] });
  for (const action of ["retrieve", "delete"]) {
    grace.sendJson({ action, request_id: 2, pk: 1 });
    expect(await grace.receiveJson()).toMatchObject({ response_status: 404 });
  }
  ada.sendJson({ action: "list", request_id: 2 });
  expect(await ada.receiveJson()).toMatchObject({ data: [{ id: 1, text: "mine" }] });
});

test("without a cookie, and with one that others signed, every action is refused", async () => {
  const port = await startServer();
  const claims = { userId: 1, expires: Math.floor(Date.now() / 1000) + 60 };
  for (const cookie of ["other=1", `session=${signSession(claims, "another secret")}`, "session=garbage", "session="]) {
    const client = await connectTo(port, { headers: { cookie } });
    client.sendJson({ action: "list", request_id: 1 });
    expect(await client.receiveJson()).toMatchObject({ response_status: 403, data: null });
  }
});

test("a wrong password and an unknown name are told the same", { timeout: 60_000 }, async () => {
  const port = await startServer();
  const wrong = await logIn(port, "ada", "wrong");
  const unknown = await logIn(port, "nobody", "wrong");
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
  expect(wrong.headers.getSetCookie()).toEqual([]);
});

test("a login that is no JSON, or sent by another site's form, gets no cookie", { timeout: 60_000 }, async () => {
  const port = await startServer();
  const form = await fetch(`http://127.0.0.1:${port}/login`, {
    method: "POST",
    body: '{"username": "ada", "password": "correct horse"}',
  });
  expect(form.status).toBe(415);
  const headers = { "content-type": "application/json" };
  const garbage = await fetch(`http://127.0.0.1:${port}/login`, { method: "POST", headers, body: "{not json" });
  expect(garbage.status).toBe(401);
});

test("the cookie is kept from scripts, from plain HTTP and from other sites", { timeout: 60_000 }, async () => {
  const [cookie] = (await logIn(await startServer(), "ada")).headers.getSetCookie();
  expect(cookie).toMatch(/^session=[\w.-]+; Path=\/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax$/);
});

test("a cookie that was changed or has expired is none", () => {
  const claims = { userId: 1, expires: 1000 };
  const cookie = signSession(claims, secret);
  expect(readSession(cookie, secret, 999_999)).toEqual(claims);
  expect(readSession(cookie, secret, 1_000_000)).toBeNull();
  const [, signature = ""] = cookie.split(".");
  const forged = Buffer.from(JSON.stringify({ userId: 2, expires: 1000 })).toString("base64url");
  expect(readSession(`${forged}.${signature}`, secret, 0)).toBeNull();
});
