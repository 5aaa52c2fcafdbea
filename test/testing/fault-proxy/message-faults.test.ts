import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { FaultProxy } from "../../../src/testing/fault-proxy/fault-proxy.ts";
import { clientFrame, connectRaw, handshakeBytes, readUntil, TEXT } from "../../transports/raw-peer.ts";
import { BROKEN_OFF, portOf, proxiedEcho, rawTarget, readBytes, startProxy, untilItEnds } from "./start-proxy.ts";

/** A client that sees single bytes, after its handshake. */
async function joinRaw(proxy: FaultProxy) {
  const socket = await connectRaw(portOf(proxy));
  socket.write(handshakeBytes(portOf(proxy)));
  await readUntil(socket, "\r\n\r\n");
  return socket;
}

describe("cutAfterBytes", () => {
  test("to the client: exactly so many bytes of the handshake come, and no more", async () => {
    const { proxy } = await proxiedEcho();
    const fault = proxy.cutAfterBytes("toClient", 12);
    const client = await connectRaw(portOf(proxy));
    client.write(handshakeBytes(portOf(proxy)));
    expect((await untilItEnds(client)).text).toBe("HTTP/1.1 101");
    expect(fault.hasHappened).toBe(true);
    await fault.happened();
  });

  test("to the server: bytes of all connections count, and the one with the last of them is cut", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const fault = proxy.cutAfterBytes("toServer", 30);
    const head = "GET / HTTP/1.1\r\n\r\n";
    const first = await connectRaw(portOf(proxy));
    const firstAtServer = await target.nextSocket();
    first.write(head);
    await readBytes(firstAtServer, head.length);
    const second = await connectRaw(portOf(proxy));
    const secondAtServer = untilItEnds(await target.nextSocket());
    second.write(head);
    expect((await secondAtServer).text).toBe(head.slice(0, 30 - head.length));
    await fault.happened();
    first.write("more");
    expect((await readBytes(firstAtServer, 4)).toString()).toBe("more");
    expect(proxy.connections).toBe(1);
  });
});

describe("cutAfterMessages", () => {
  test("to the client: so many answers come, the next does not, and other connections live on", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const [client, other] = [await join(), await join()];
    const fault = proxy.cutAfterMessages("toClient", 2);
    for (const text of ["1", "2", "3"]) client.sendText(text);
    expect([await client.receiveText(), await client.receiveText()]).toEqual(["1", "2"]);
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    await fault.happened();
    other.sendText("4");
    expect(await other.receiveText()).toBe("4");
    expect(proxy.passed.toClient).toBe(3);
    await expect.poll(() => seen.endings).toEqual([1006]);
  });

  test("to the server: the request arrives, and its sender is cut off", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    proxy.cutAfterMessages("toServer");
    client.sendText("1");
    client.sendText("2");
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    await expect.poll(() => seen).toEqual({ frames: ["1"], endings: [1006] });
  });

  test("control frames and fragments do not count, binary messages do", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    const fault = proxy.cutAfterMessages("toServer", 2);
    client.socket.ping();
    await once(client.socket, "pong");
    client.socket.send("a", { fin: false });
    client.socket.ping();
    client.socket.send("b", { fin: true });
    expect(await client.receiveText()).toBe("ab");
    expect(fault.hasHappened).toBe(false);
    client.sendBytes(new Uint8Array([1]));
    await fault.happened();
    await expect.poll(() => seen.frames).toHaveLength(2);
  });

  test("what was held before the cut comes before it", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    proxy.hold("toClient");
    const fault = proxy.cutAfterMessages("toClient", 2);
    for (const text of ["1", "2", "3"]) client.sendText(text);
    await proxy.message("toClient", "3");
    expect(fault.hasHappened).toBe(false);
    proxy.release();
    expect([await client.receiveText(), await client.receiveText()]).toEqual(["1", "2"]);
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    expect(fault.hasHappened).toBe(true);
  });

  test.each([0, -1, 1.5, Number.NaN])("%s is refused as a count", async (count) => {
    const proxy = await startProxy("ws://localhost:1");
    const orders = [proxy.cutAfterBytes, proxy.cutAfterMessages, proxy.cutInMessage];
    for (const order of orders) {
      const refusal = expect.objectContaining({ code: "improperly_configured" });
      expect(() => order.call(proxy, "toClient", count)).toThrow(refusal);
    }
  });
});

describe("cutInMessage", () => {
  test("to the client: exactly half of the frame comes, and no more", async () => {
    const { proxy } = await proxiedEcho();
    const client = await joinRaw(proxy);
    const fault = proxy.cutInMessage("toClient", 2);
    client.write(clientFrame(TEXT, "first"));
    client.write(clientFrame(TEXT, "12345678"));
    expect((await untilItEnds(client)).text).toBe("\x81\x05first\x81\x08123");
    await fault.happened();
    expect(proxy.passed.toClient).toBe(1);
  });

  test("to the server: a request of which half has come is not run", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    proxy.cutInMessage("toServer", 2);
    client.sendText("1");
    client.sendText("2".repeat(70_000));
    expect((await client.receiveClose().catch(() => client.receiveClose())).code).toBe(1006);
    await expect.poll(() => seen).toEqual({ frames: ["1"], endings: [1006] });
  });
});

describe("dropAnswer", () => {
  test("the request was run, its answer is lost with the connection, and answers before it came", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    const fault = proxy.dropAnswer({ action: "create" });
    client.sendText('{"action":"list"}');
    client.sendText('{"action":"create"}');
    client.sendText('{"action":"patch"}');
    expect(await client.receiveJson()).toEqual({ action: "list" });
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    await fault.happened();
    expect(seen.frames.slice(0, 2)).toEqual(['{"action":"list"}', '{"action":"create"}']);
  });

  test("it happens once: the request that is sent again is answered", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    proxy.dropAnswer("create");
    const first = await join();
    first.sendText("create");
    expect(await first.receiveClose()).toEqual(BROKEN_OFF);
    const second = await join();
    second.sendText("create");
    expect(await second.receiveText()).toBe("create");
    expect(seen.frames).toEqual(["create", "create"]);
  });

  test("a fault that was cancelled does not happen", async () => {
    const { proxy, join } = await proxiedEcho();
    const client = await join();
    const faults = [proxy.dropAnswer("1"), proxy.cutAfterBytes("toServer", 1)];
    for (const fault of faults) fault.cancel();
    client.sendText("1");
    expect(await client.receiveText()).toBe("1");
    for (const fault of faults) expect(fault.hasHappened).toBe(false);
  });
});

describe("dropRequest", () => {
  test("the request is sent, is not run, and its connection is cut", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    const sent = proxy.message("toServer", /^cre/);
    const fault = proxy.dropRequest(/create/);
    client.sendText("list");
    client.sendText("create");
    await sent;
    await fault.happened();
    await expect.poll(() => seen).toEqual({ frames: ["list"], endings: [1006] });
  });

  test("a message that has begun to pass is not affected", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    const client = await connectRaw(portOf(proxy));
    const server = await target.nextSocket();
    const handshake = Buffer.from(handshakeBytes(portOf(proxy)));
    const frame = clientFrame(TEXT, "create");
    client.write(Buffer.concat([handshake, frame.subarray(0, 9)]));
    await readBytes(server, handshake.length + 9);
    const fault = proxy.dropRequest("create");
    client.write(Buffer.concat([frame.subarray(9), clientFrame(TEXT, "list"), frame]));
    const rest = Buffer.concat([frame.subarray(9), clientFrame(TEXT, "list")]).toString("latin1");
    expect((await untilItEnds(server)).text).toBe(rest);
    await fault.happened();
  });

  test("bytes of a message that never ends come before the end of the connection", async () => {
    const target = await rawTarget();
    const proxy = await startProxy(target.url);
    proxy.dropRequest("create");
    const client = await connectRaw(portOf(proxy));
    const sent = handshakeBytes(portOf(proxy)) + clientFrame(TEXT, "create").subarray(0, 9).toString("latin1");
    client.end(sent, "latin1");
    expect(await untilItEnds(await target.nextSocket())).toEqual({ text: sent, ending: "FIN" });
  });
});

describe("duplicate", () => {
  test("to the server: the next request that matches is run twice, others once", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    const fault = proxy.duplicate("toServer", "create");
    for (const text of ["list", "create 1", "create 2"]) client.sendText(text);
    await proxy.message("toClient", "create 2");
    expect(seen.frames).toEqual(["list", "create 1", "create 1", "create 2"]);
    expect(fault.hasHappened).toBe(true);
  });

  test("to the client: the answer comes twice, and the request was run once", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    proxy.duplicate("toClient", "1");
    client.sendText("1");
    client.sendText("2");
    const received = [await client.receiveText(), await client.receiveText(), await client.receiveText()];
    expect(received).toEqual(["1", "1", "2"]);
    expect(seen.frames).toEqual(["1", "2"]);
    expect(proxy.passed).toEqual({ toClient: 3, toServer: 2 });
  });

  test("a message in fragments comes twice, the control frames between them once", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    let pongs = 0;
    client.socket.on("pong", () => (pongs += 1));
    proxy.duplicate("toServer", "ab");
    client.socket.send("a", { fin: false });
    client.socket.ping();
    client.socket.send("b", { fin: true });
    client.sendText("last");
    expect([await client.receiveText(), await client.receiveText(), await client.receiveText()]).toEqual(["ab", "ab", "last"]);
    expect(seen.frames).toEqual(["ab", "ab", "last"]);
    expect(pongs).toBe(1);
  });

  test("faults of several kinds meet one message together", async () => {
    const { proxy, join, seen } = await proxiedEcho();
    const client = await join();
    const faults = [proxy.duplicate("toServer", "1"), proxy.dropAnswer("2"), proxy.cutAfterMessages("toClient", 9)];
    for (const text of ["1", "2"]) client.sendText(text);
    expect([await client.receiveText(), await client.receiveText()]).toEqual(["1", "1"]);
    expect(await client.receiveClose()).toEqual(BROKEN_OFF);
    expect(seen.frames).toEqual(["1", "1", "2"]);
    expect(faults.map(({ hasHappened }) => hasHappened)).toEqual([true, true, false]);
  });
});
