import { expect, test } from "vitest";
import { connectWebsocket } from "../../src/testing/websocket-client.ts";
import { EchoSession } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

test("what the server sent before anybody waited is not missed", async () => {
  class Greeting extends EchoSession {
    override async websocketConnect(): Promise<void> {
      this.connection.send('{"n":1}');
      this.connection.sendBytes(new Uint8Array([7]));
      this.connection.close(4001, "done");
    }
  }
  const client = await connect(await startServer(Greeting));
  expect(await client.receiveJson()).toEqual({ n: 1 });
  expect([...(await client.receiveBytes())]).toEqual([7]);
  expect(await client.receiveClose()).toEqual({ code: 4001, reason: "done" });
});

test("a refused handshake rejects with status and body", async () => {
  const server = await startServer();
  await expect(connectWebsocket(`${server.url}/nowhere`)).rejects.toMatchObject({
    code: "handshake_refused",
    status: 404,
    body: "There is no WebSocket at this path.\n",
    message: "The server refused the handshake with 404: There is no WebSocket at this path.",
  });
});

test("a server that is not there rejects with the network's error", async () => {
  const server = await startServer();
  await server.close();
  await expect(connectWebsocket(server.url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("what came while the whole process stood still for longer than the wait is not late", async () => {
  const client = await connect(await startServer());
  client.sendText("x");
  const received = client.receiveText(50);
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(await received).toBe("x");
});

test("it sends JSON, text and bytes, and sees silence", async () => {
  const client = await connect(await startServer());
  client.sendJson({ n: 2n ** 64n });
  expect(await client.receiveText()).toBe('{"n":18446744073709551616}');
  await client.receiveNothing(5);
  client.sendText("x");
  await expect(client.receiveNothing(5000)).rejects.toThrow("Expected nothing, but got x.");
  await client.close(4000);
  await client.close();
});
