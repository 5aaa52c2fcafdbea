import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { connect, onCleanup, startServer } from "../test-server.ts";
import { connectWebsocket } from "../../../src/testing/websocket-client.ts";
import { serve } from "../../../src/transports/node-ws/serve.ts";

async function startProcess(): Promise<{ process: ChildProcess; url: string }> {
  const file = fileURLToPath(new URL("signal-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "inherit"] });
  onCleanup(async () => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { process: child, url: String(line).trim() };
}

test.each(["SIGINT", "SIGTERM"] as const)("%s closes sockets with 1001 and ends the process with exit code 0", async (signal) => {
  const server = await startProcess();
  const client = await connect(server);
  const exited = once(server.process, "exit");
  server.process.kill(signal);
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  expect(await exited).toEqual([0, null]);
});

test("a second signal ends the process at once with exit code 1", async () => {
  const server = await startProcess();
  const client = await connectWebsocket(`${server.url}/stuck/`);
  const exited = once(server.process, "exit");
  server.process.kill("SIGTERM");
  expect(await client.receiveText()).toBe("draining");
  server.process.kill("SIGTERM");
  expect(await exited).toEqual([1, null]);
});

test("signal listeners are gone once the server is closed, and signals: false adds none", async () => {
  const before = process.listenerCount("SIGTERM");
  await startServer();
  expect(process.listenerCount("SIGTERM")).toBe(before);
  const server = await serve({ routes: [], port: 0, host: "127.0.0.1" });
  expect(process.listenerCount("SIGTERM")).toBe(before + 1);
  await server.close();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
