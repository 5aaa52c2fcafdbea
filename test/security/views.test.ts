import { describe, expect, test } from "vitest";
import { path, rePath, viewAsConsumer } from "../../src/index.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { onCleanup, startServer } from "../transports/test-server.ts";

const seen = (request: Request): Response => Response.json({ url: request.url, method: request.method });

async function ask(target: string, frame: object, headers: Record<string, string> = {}) {
  const server = await startServer(undefined, {
    routes: [path("ws/", viewAsConsumer(seen, { path: "/users/:pk/" })), rePath(/any\/$/, viewAsConsumer(seen))],
  });
  const client = await connectWebsocket(`${server.url}${target}`, { headers });
  onCleanup(() => client.close());
  client.sendJson({ action: "delete", request_id: 1, ...frame });
  return client.receiveJson();
}

describe("a parameter of a view", () => {
  test.each(["", ".", "..", "\ud800", "a\udfff"])("of %j, which would name another path or none, is answered 400", async (pk) => {
    expect(await ask("/ws/", { parameters: { pk } })).toMatchObject({
      response_status: 400,
      errors: [{ parameters: { pk: [expect.any(String)] } }],
    });
  });

  test.each([
    "%2e%2e",
    "../admin",
    "a/b",
    "a?b=1",
    "a#b",
    "\\..\\",
    "..;",
    " ..",
    "\r\nX: 1",
    "//evil.example",
    'x"; DROP TABLE t;--',
  ])("of %j stays one segment of its path", async (pk) => {
    const { data } = (await ask("/ws/", { parameters: { pk } })) as { data: { url: string } };
    const { host, pathname, search, hash } = new URL(data.url);
    expect([host.split(":")[0], pathname, search, hash]).toEqual(["127.0.0.1", `/users/${encodeURIComponent(pk)}/`, "", ""]);
  });

  test.each([{ $ne: null }, [], ["a", "b"], true, 1.5])("of %j is sent as text", async (pk) => {
    const text = encodeURIComponent(typeof pk === "object" ? JSON.stringify(pk) : String(pk));
    expect(await ask("/ws/", { parameters: { pk } })).toMatchObject({
      data: { url: expect.stringContaining(`/users/${text}/`) },
    });
  });
});

describe("the host that a view sees", () => {
  test("is the handshake's, also where the path begins with two slashes", async () => {
    expect(await ask("//evil.example/any/", { action: "list" }, { host: "blog.example" })).toMatchObject({
      data: { url: "http://blog.example//evil.example/any/" },
    });
  });

  test.each(["blog.example/x?y=", "user@blog.example", "blog.example#x"])("is a host only, of the header %j", async (host) => {
    const answer = (await ask("/ws/", { parameters: { pk: 1 } }, { host })) as { data: { url: string } };
    expect(answer.data.url).toBe("http://blog.example/users/1/");
  });
});
