import { describe, expect, test } from "vitest";
import { connectRaw, handshakeBytes } from "../../transports/raw-peer.ts";
import { BROKEN_OFF, portOf, proxiedEcho, rawTarget, readBytes, startProxy, untilItEnds } from "./start-proxy.ts";

const MEBIBYTE = 1024 * 1024;

describe("delay", () => {
  test.each(["toClient", "toServer"] as const)("%s: everything takes at least as long, in its order", async (direction) => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    proxy.delay(direction, 60);
    const begin = performance.now();
    client.sendText("1");
    await proxy.message(direction, "1");
    proxy.delay(direction, 0);
    client.sendText("2");
    expect([await client.receiveText(), await client.receiveText()]).toEqual(["1", "2"]);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(60);
  });

  test("both: it is added in each direction", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    proxy.delay("both", 30);
    const begin = performance.now();
    client.sendText("1");
    await client.receiveText();
    expect(performance.now() - begin).toBeGreaterThanOrEqual(60);
  });

  test("all of much comes, although only so much is on its way at a time", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    proxy.delay("toServer", 20);
    const bytes = Buffer.alloc(32 * MEBIBYTE, "restwave");
    client.write(bytes);
    expect((await readBytes(server, bytes.length)).equals(bytes)).toBe(true);
  });

  test.each([-1, Number.NaN, 2 ** 31])("%s milliseconds are refused", async (milliseconds) => {
    const proxy = await startProxy("ws://localhost:1");
    expect(() => proxy.delay("both", milliseconds)).toThrow(expect.objectContaining({ code: "improperly_configured" }));
  });
});

describe("hold", () => {
  test("to the client: answers do not arrive until they are released, in order, and the server's work goes on", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    proxy.hold("toClient");
    for (const text of ["1", "2", "3"]) client.sendText(text);
    await proxy.message("toClient", "3");
    expect(seen.frames).toEqual(["1", "2", "3"]);
    expect(proxy.passed).toEqual({ toClient: 0, toServer: 3 });
    proxy.release("toClient");
    expect([await client.receiveText(), await client.receiveText(), await client.receiveText()]).toEqual(["1", "2", "3"]);
  });

  test("to the server: requests do not arrive until they are released, and answers still do", async () => {
    const { proxy, join, seen, askDirectly } = await proxiedEcho();
    const client = await join();
    proxy.hold("toServer");
    client.sendText("held");
    await proxy.message("toServer", "held");
    await askDirectly("direct");
    expect(seen.frames).toEqual(["direct"]);
    expect(proxy.connections).toBe(1);
    proxy.release("toServer");
    expect(await client.receiveText()).toBe("held");
  });

  test("neither side is told of the other's end until it is released", async () => {
    const { proxy, join, seen, server, askDirectly } = await proxiedEcho();
    const client = await join();
    proxy.hold();
    client.socket.terminate();
    await client.receiveClose();
    await askDirectly("direct");
    expect(server.connections).toBe(1);
    expect(proxy.connections).toBe(1);
    proxy.release();
    await expect.poll(() => seen.endings).toContain(1006);
    await expect.poll(() => proxy.connections).toBe(0);
  });

  test("new connections are held too, and get through when released", async () => {
    const { proxy, join, server, askDirectly } = await proxiedEcho();
    proxy.hold();
    const joining = join();
    await proxy.connected(1);
    await askDirectly("direct");
    expect(server.connections).toBe(0);
    proxy.release();
    const client = await joining;
    client.sendText("1");
    expect(await client.receiveText()).toBe("1");
  });

  test("more than the proxy takes is held by the sender, and all of it comes in the end", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    proxy.hold();
    const bytes = Buffer.alloc(32 * MEBIBYTE, "restwave");
    const taken = new Promise((resolve) => client.write(bytes.subarray(0, 16 * MEBIBYTE), resolve));
    client.write(bytes.subarray(16 * MEBIBYTE));
    await taken;
    proxy.release();
    expect((await readBytes(server, bytes.length)).equals(bytes)).toBe(true);
  });
});

describe("blackhole", () => {
  test("what is sent is lost for ever, both sides stay open, and new connections work after restore", async () => {
    const { proxy, join, seen, server } = await proxiedEcho();
    const dead = await join();
    proxy.hold("toClient");
    dead.sendText("held");
    await proxy.message("toClient", "held");
    proxy.blackhole();
    proxy.release();
    dead.sendText("lost");
    await proxy.message("toServer", "lost");
    proxy.restore();
    const alive = await join();
    alive.sendText("alive");
    expect(await alive.receiveText()).toBe("alive");
    expect(seen.frames).toEqual(["held", "alive"]);
    expect(proxy.passed).toEqual({ toClient: 1, toServer: 2 });
    expect(dead.socket.readyState).toBe(dead.socket.OPEN);
    expect(server.connections).toBe(2);
    expect(proxy.connections).toBe(2);
  });

  test("neither side is told when the other goes", async () => {
    const { proxy, join, seen, server, askDirectly } = await proxiedEcho();
    const [leaving, staying] = [await join(), await join()];
    proxy.blackhole();
    leaving.socket.terminate();
    await leaving.receiveClose();
    await askDirectly("direct");
    expect(server.connections).toBe(2);
    await server.close();
    expect(seen.endings).toHaveLength(3);
    expect(staying.socket.readyState).toBe(staying.socket.OPEN);
    await expect.poll(() => proxy.connections).toBe(1);
  });

  test("a server finds out by its heartbeat, as with a pulled cable", async () => {
    const { proxy, join, seen } = await proxiedEcho({ heartbeatInterval: 300, heartbeatTimeout: 300 });
    await join();
    proxy.blackhole();
    await expect.poll(() => seen.endings).toEqual([4408]);
    expect(proxy.connections).toBe(1);
  });

  test("a connection that is made meanwhile is accepted, is dead for ever, and does not reach the server", async () => {
    const { proxy, join, server } = await proxiedEcho();
    proxy.blackhole();
    const client = await connectRaw(portOf(proxy));
    await proxy.connected(1);
    client.write(handshakeBytes(portOf(proxy)));
    proxy.restore();
    await join();
    expect(server.connections).toBe(1);
    expect(client.bytesRead).toBe(0);
    expect(proxy).toMatchObject({ connections: 2, accepted: 2 });
    client.end();
    await expect.poll(() => proxy.connections).toBe(1);
    expect(client.bytesRead).toBe(0);
  });

  test("no order of a fault is used up by what is lost", async () => {
    const { proxy, join } = await proxiedEcho();
    const dead = await join();
    const fault = proxy.cutAfterMessages("toServer");
    proxy.blackhole();
    dead.sendText("lost");
    await proxy.message("toServer", "lost");
    proxy.restore();
    expect(fault.hasHappened).toBe(false);
    const alive = await join();
    alive.sendText("alive");
    await fault.happened();
    expect(await alive.receiveClose()).toEqual(BROKEN_OFF);
  });
});

describe("cut", () => {
  test("all connections break off at once on both sides, and new ones work", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const clients = [await join(), await join()];
    proxy.cut();
    expect(proxy.connections).toBe(0);
    for (const client of clients) expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    await expect.poll(() => seen.endings).toEqual([1006, 1006]);
    await join();
  });

  test("it is a reset, and what was held is lost", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    proxy.hold();
    client.write("GET / HTTP/1.1\r\n\r\n");
    server.write("HTTP/1.1 200 OK\r\n\r\n");
    const ends = [untilItEnds(client), untilItEnds(server)];
    proxy.cut();
    proxy.release();
    for (const end of await Promise.all(ends)) expect(end).toEqual({ text: "", ending: "ECONNRESET" });
  });

  test("also of a connection that is dead", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    proxy.blackhole();
    proxy.cut();
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
  });
});

describe("end", () => {
  test("both sides are ended in TCP's orderly way, without a close frame", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    const ends = [untilItEnds(client), untilItEnds(server)];
    proxy.end();
    for (const end of await Promise.all(ends)) expect(end).toEqual({ text: "", ending: "FIN" });
    for (const socket of [client, server]) socket.end();
    await expect.poll(() => proxy.connections).toBe(0);
  });

  test("a WebSocket's two sides see an end without a code", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    proxy.end();
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    await expect.poll(() => seen.endings).toEqual([1006]);
    await expect.poll(() => proxy.connections).toBe(0);
  });
});
