import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type ClientMembers, type ConnectionState, createClient } from "../../src/client.ts";
import type { FaultProxy } from "../../src/testing.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import type { Board } from "./board.ts";
import { openBehindProxy } from "./open-behind-proxy.ts";

/** The page's own view of its device, as a browser has it: events, and what they are about. */
class Device {
  readonly window = new EventTarget();
  readonly document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  readonly navigator = { onLine: true };

  install(): void {
    vi.stubGlobal("addEventListener", this.window.addEventListener.bind(this.window));
    vi.stubGlobal("removeEventListener", this.window.removeEventListener.bind(this.window));
    vi.stubGlobal("document", this.document);
    vi.stubGlobal("navigator", this.navigator);
    onTestFinished(() => void vi.unstubAllGlobals());
  }

  goOnline(): void {
    this.navigator.onLine = true;
    this.window.dispatchEvent(new Event("online"));
  }

  show(): void {
    this.document.visibilityState = "visible";
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

/** So long that only something else than the clock ends the pause. */
const patient = { backoff: { initial: 1e8, max: 1e8 } };

let board: Board;
let proxy: FaultProxy;
let device: Device;
beforeEach(async () => {
  ({ board, proxy } = await openBehindProxy(sqliteFile));
  device = new Device();
  device.install();
});

function until({ connection }: ClientMembers, isSo: (state: ConnectionState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo(connection.state)) return;
      stop();
      resolve();
    };
    const stop = connection.subscribe(look);
    look();
  });
}

test("a device that is offline does not try to connect, and connects as soon as it is online", async () => {
  const client = board.client(proxy.url, patient);
  await client.tasks.list();
  device.navigator.onLine = false;
  proxy.cut();
  await until(client, ({ status }) => status === "reconnecting");
  expect(client.connection.state).toMatchObject({ attempt: 1, retryAt: null });
  expect(proxy.accepted).toBe(1);
  device.goOnline();
  expect(await client.tasks.list()).toEqual([]);
  expect(proxy.accepted).toBe(2);
});

test("a page that comes into view does not wait for the next attempt", async () => {
  const client = board.client(proxy.url, patient);
  await client.tasks.list();
  proxy.cut();
  await until(client, ({ status }) => status === "reconnecting");
  expect(client.connection.state).toMatchObject({ retryAt: expect.any(Number) });
  device.show();
  expect(await client.tasks.list()).toEqual([]);
});

test("a device that comes online and a page that comes into view at once connect once, however long the URL takes", async () => {
  const answers: ((url: string) => void)[] = [];
  const url = () => new Promise<string>((resolve) => void answers.push(resolve));
  const client = createClient<typeof board.routes>(url, { WebSocket, ...patient });
  onTestFinished(() => client.close());
  const answerAll = () => answers.splice(0).forEach((answer) => answer(`${proxy.url}/ws/`));
  const first = client.tasks.list();
  answerAll();
  await first;
  proxy.cut();
  await until(client, ({ status }) => status === "reconnecting");
  device.goOnline();
  device.show();
  answerAll();
  expect(await client.tasks.list()).toEqual([]);
  expect(proxy.accepted).toBe(2);
  expect(answers).toEqual([]);
});

test("a page that comes into view asks whether its connection is still there", async () => {
  const client = board.client(proxy.url, { ...patient, heartbeat: { interval: 1e8, timeout: 50 } });
  await client.tasks.list();
  proxy.blackhole();
  device.show();
  await until(client, ({ status }) => status === "reconnecting");
  expect(client.connection.state).toMatchObject({ reason: "The server gave no sign of life." });
});

test("a client that is closed listens to its device no more", async () => {
  const client = board.client(proxy.url, patient);
  await client.tasks.list();
  client.close();
  device.goOnline();
  device.show();
  expect(client.connection.state).toMatchObject({ status: "closed" });
  const other = board.client(proxy.url);
  await other.tasks.list();
  expect(proxy.accepted).toBe(2);
});
