import { createHash, randomBytes } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { FaultProxy, type ProxiedMessage } from "../../../src/testing/fault-proxy/fault-proxy.ts";
import { connectWebsocket } from "../../../src/testing/websocket-client.ts";
import { clientFrame, connectRaw, handshakeBytes, statusOf, TEXT } from "../../transports/raw-peer.ts";
import { onCleanup, startServer } from "../../transports/test-server.ts";
import { BROKEN_OFF, joinAt, portOf, proxiedEcho, rawTarget, readBytes, startProxy, untilItEnds } from "./start-proxy.ts";

describe("without a fault", () => {
  test("messages of every kind and length pass in both directions", async () => {
    const { join } = await proxiedEcho();
    const client = await join();
    for (const text of ["", "é\u{1F30A}", "x".repeat(125), "x".repeat(126), "x".repeat(70_000)]) {
      client.sendText(text);
      expect(await client.receiveText()).toBe(text);
    }
    client.sendBytes(new Uint8Array([1, 2, 3]));
    expect([...(await client.receiveBytes())]).toEqual([1, 2, 3]);
  });

  test("the code with which either side closes comes through", async () => {
    const { proxy, seen, join } = await proxiedEcho();
    const client = await join();
    await client.close(4321);
    await expect.poll(() => seen.endings).toEqual([4321]);
    await expect.poll(() => proxy.connections).toBe(0);
  });

  test("all bytes pass as they came, whatever they are, and so do the ends of both directions", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    const noise = randomBytes(6 * 1024 * 1024);
    client.write(noise);
    const received = await readBytes(server, noise.length);
    expect(sha(received)).toBe(sha(noise));
    client.end("so long");
    expect(await untilItEnds(server)).toEqual({ text: "so long", ending: "FIN" });
    server.end("farewell");
    expect(await untilItEnds(client)).toEqual({ text: "farewell", ending: "FIN" });
    await expect.poll(() => proxy.connections).toBe(0);
  });

  test("the beginning of a message passes before its end has come", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const handshake = handshakeBytes(portOf(proxy));
    const sent = Buffer.concat([Buffer.from(handshake), clientFrame(TEXT, "hello").subarray(0, 8)]);
    client.write(sent);
    expect(await readBytes(await target.nextSocket(), sent.length)).toEqual(sent);
  });

  test("one side's reset is the other's", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    const ended = untilItEnds(server);
    client.resetAndDestroy();
    expect(await ended).toEqual({ text: "", ending: "ECONNRESET" });
  });

  test("a connection is over when one side writes to the other, which had ended and has gone", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    client.end("last");
    expect(await untilItEnds(server)).toEqual({ text: "last", ending: "FIN" });
    client.destroy();
    const connectionsWhenAsked = (): number => {
      server.write("is anybody there?");
      return proxy.connections;
    };
    await expect.poll(connectionsWhenAsked).toBe(0);
  });

  test("extensions are not asked for, so that no message is compressed; the rest of the handshake stays", async () => {
    const server = await startServer(undefined, { perMessageDeflate: true });
    const proxy = await startProxy(server.url);
    expect((await joinAt(server.url)).socket.extensions).toBe("permessage-deflate");
    expect((await joinAt(proxy.url)).socket.extensions).toBe("");

    const target = await rawTarget();
    proxy.retarget(target.url);
    const client = await connectRaw(portOf(proxy));
    client.write(handshakeBytes(portOf(proxy), { "sec-websocket-EXTENSIONS": "permessage-deflate;\r\n\tx=1", Cookie: "é" }));
    const expected = Buffer.from(handshakeBytes(portOf(proxy), { Cookie: "é" }));
    expect(await readBytes(await target.nextSocket(), expected.length)).toEqual(expected);
  });

  test("plain HTTP and refused handshakes pass", async () => {
    const { proxy } = await proxiedEcho();
    const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(await statusOf(portOf(proxy), request)).toBe(200);
    await expect(connectWebsocket(`${proxy.url}/nowhere`)).rejects.toMatchObject({ status: 404 });
  });
});

describe("what passes", () => {
  test("listeners are told of every text message, in order, with direction and connection, until they leave", async () => {
    const { proxy, join } = await proxiedEcho();
    const messages: ProxiedMessage[] = [];
    const leave = proxy.onMessage((message) => messages.push(message));
    const [first, second] = [await join(), await join()];
    for (const [client, text] of [
      [first, "a"],
      [second, "b"],
    ] as const) {
      client.sendText(text);
      await client.receiveText();
    }
    const expected = [
      { direction: "toServer", text: "a", connection: 1 },
      { direction: "toClient", text: "a", connection: 1 },
      { direction: "toServer", text: "b", connection: 2 },
      { direction: "toClient", text: "b", connection: 2 },
    ];
    expect(messages).toEqual(expected);
    leave();
    first.sendText("c");
    await first.receiveText();
    expect(messages).toEqual(expected);
    expect(proxy.passed).toEqual({ toClient: 3, toServer: 3 });
  });

  test("a test waits for the next message that matches, in one direction", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    const found = proxy.message("toClient", { action: "create" });
    for (const action of ["list", "create", "patch"]) client.sendJson({ action, request_id: 1 });
    expect(await found).toMatchObject({ direction: "toClient", text: '{"action":"create","request_id":1}', connection: 1 });
  });

  test("a wait that is in vain says for what it was", async () => {
    const { proxy } = await proxiedEcho();
    await expect(proxy.message("toServer", /create/, 1)).rejects.toMatchObject({
      code: "wait_failed",
      message: "Expected a message that fits /create/ to the server, but nothing like it came within 1 ms.",
    });
    await expect(proxy.connected(1, 1)).rejects.toThrow("Expected 1 accepted connections, but nothing like it came within 1 ms.");
    await expect(proxy.cutAfterMessages("toClient").happened(1)).rejects.toThrow("Expected a cut after 1 messages, but");
  });

  test("a wait is not over because the whole process stood still", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    const found = proxy.message("toClient", "1", 50);
    client.sendText("1");
    const until = performance.now() + 200;
    while (performance.now() < until);
    expect(await found).toMatchObject({ text: "1" });
  });

  test("a function that fails ends the wait that it was given to, and nothing else", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    const failing = expect(proxy.message("toServer", () => JSON.parse("{"))).rejects.toMatchObject({
      message: "Expected a message that the function accepts to the server, but the function that looks for it failed.",
      cause: expect.any(SyntaxError),
    });
    client.sendText("1");
    await failing;
    expect(await client.receiveText()).toBe("1");
  });
});

describe("connections", () => {
  test("are counted, those that are open and all", async () => {
    const { proxy, join } = await proxiedEcho();
    const [next, second] = [proxy.connected(), proxy.connected(2)];
    const client = await join();
    await next;
    await join();
    await second;
    expect(proxy).toMatchObject({ connections: 2, accepted: 2, refused: 0 });
    await client.close();
    await expect.poll(() => proxy.connections).toBe(1);
    await proxy.connected(2);
    expect(proxy.accepted).toBe(2);
  });

  test("are reset while they are refused, do not reach the server, and get through at the same place after that", async () => {
    const { proxy, join, server } = await proxiedEcho();
    const open = await join();
    proxy.refuse();
    const away = proxy.turnedAway();
    await expect(join()).rejects.toMatchObject({ code: "ECONNRESET" });
    await away;
    await expect(join()).rejects.toMatchObject({ code: "ECONNRESET" });
    await proxy.turnedAway(2);
    expect(proxy).toMatchObject({ connections: 1, accepted: 1, refused: 2 });
    expect(server.connections).toBe(1);
    open.sendText("still here");
    expect(await open.receiveText()).toBe("still here");
    proxy.accept();
    await join();
  });

  test("are reset when there is no server, and lead to its successor on another port", async () => {
    const { proxy, join, server } = await proxiedEcho();
    const client = await join();
    await server.close();
    expect(await client.receiveClose()).toMatchObject({ code: 1001 });
    await expect(join()).rejects.toMatchObject({ code: "ECONNRESET" });
    const successor = await startServer();
    const { url } = proxy;
    proxy.retarget(successor.url);
    await join();
    expect(proxy.url).toBe(url);
    expect(successor.connections).toBe(1);
  });
});

describe("the proxy itself", () => {
  test("keeps path and query of its target in its own address", async () => {
    for (const path of ["", "/", "/ws/?lang=en", "?a=1"]) {
      const proxy = await startProxy(`ws://localhost:1${path}`);
      expect(proxy.url).toBe(`ws://127.0.0.1:${portOf(proxy)}${path}`);
    }
  });

  test("reaches a target whose address has a path", async () => {
    const server = await startServer();
    const proxy = await startProxy(`${server.url}/ws/`);
    const client = await connectWebsocket(proxy.url);
    client.sendText("1");
    expect(await client.receiveText()).toBe("1");
  });

  test.each(["wss://localhost", "http://localhost", "localhost:8000"])("does not lead to %s", async (target) => {
    const expected = { code: "improperly_configured", message: expect.stringContaining("begins with ws://") };
    await expect(FaultProxy.start({ target })).rejects.toMatchObject(expected);
    const proxy = await startProxy("ws://localhost:1");
    expect(() => proxy.retarget(target)).toThrow(expect.objectContaining(expected));
  });

  test("ends connections and waits when it is closed, once", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    const fault = proxy.dropAnswer("never");
    const waits = [proxy.message("toServer"), proxy.connected(), proxy.turnedAway(), fault.happened()];
    const told = Promise.all(waits.map((wait) => expect(wait).rejects.toMatchObject({ code: "wait_failed" })));
    await Promise.all([proxy.close(), proxy.close()]);
    await told;
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    expect(proxy.connections).toBe(0);
    await expect(join()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(proxy.message("toServer")).rejects.toThrow("Expected any message to the server, but the proxy is closed.");
  });

  test("closes while neither side answers an orderly end", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = createConnection({ port: portOf(proxy), host: "127.0.0.1", allowHalfOpen: true });
    onCleanup(async () => void client.destroy());
    const server = await target.nextSocket();
    const ends = [untilItEnds(client), untilItEnds(server)];
    proxy.end();
    await Promise.all(ends);
    expect(proxy.connections).toBe(1);
    await proxy.close();
    expect(proxy.connections).toBe(0);
  });

  test("leaves no socket behind when it is closed while an orderly end is on its way", async () => {
    const { proxy, join, server } = await proxiedEcho();
    const client = await join();
    proxy.end();
    await proxy.close();
    await Promise.all([client.receiveClose(), server.close()]);
    await expect.poll(() => process.getActiveResourcesInfo()).not.toContain("TCPSocketWrap");
  });

  test("closes while connections are held, dead, half ended and on their way", async () => {
    const { proxy, join } = await proxiedEcho();
    const dead = await join();
    proxy.blackhole();
    const unborn = await connectRaw(portOf(proxy));
    await proxy.connected(2);
    proxy.restore();
    const held = await join();
    proxy.hold();
    proxy.delay("both", 60_000);
    held.sendText("a");
    await proxy.message("toServer", "a");
    const half = await connectRaw(portOf(proxy));
    half.end();
    await proxy.connected(4);
    const ends = [dead.receiveClose(), held.receiveClose(), closeOf(unborn), closeOf(half)];
    await proxy.close();
    await Promise.all(ends);
  });
});

function sha(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
