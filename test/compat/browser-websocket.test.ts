import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { launchChromium } from "../chromium.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { describeWith, services } from "../services.ts";
import { PageSocket } from "./page-socket.ts";
import { openPeople, type People } from "./people.ts";
import { CompatServer } from "./server.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ways = [
  { way: "alone", path: "/people/", stream: null },
  { way: "through the multiplexer", path: "/ws/", stream: "people" },
] as const;

const alex = { id: 1, name: "Alex", address: "" };

describeWith(services.chromium, "a page's own WebSocket in Chromium", () => {
  let browser: Browser;
  let people: People;
  let server: CompatServer;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    people = await openPeople(sqliteFile);
    server = await CompatServer.start(people.routes);
  });
  beforeEach(async () => {
    await people.empty();
    await people.Person.objects.create({ name: "Alex" });
    page = await browser.newPage();
    await page.goto(`http://${server.host}/`);
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await server.close();
    await people.close();
  });

  describe.each(ways)("$way", ({ path, stream }) => {
    const open = (): Promise<PageSocket> => PageSocket.open(page, path, stream);

    test("creates, lists, retrieves, updates, patches and deletes", async () => {
      const socket = await open();
      const sam = { id: 2, name: "Sam", address: "1 Main St" };
      const { id: pk, ...data } = sam;
      expect(await socket.ask({ action: "create", request_id: 1, data })).toEqual(answer("create", 1, 201, sam));
      expect(await socket.ask({ action: "list", request_id: 2 })).toEqual(answer("list", 2, 200, [alex, sam]));
      expect(await socket.ask({ action: "retrieve", request_id: 3, pk })).toEqual(answer("retrieve", 3, 200, sam));
      const moved = { ...sam, address: "2 Main St" };
      expect(await socket.ask({ action: "update", request_id: 4, pk, data: moved })).toEqual(answer("update", 4, 200, moved));
      const jefe = { ...moved, name: "Jefe" };
      expect(await socket.ask({ action: "patch", request_id: 5, pk, data: { name: "Jefe" } })).toEqual(
        answer("patch", 5, 200, jefe),
      );
      expect(await socket.ask({ action: "delete", request_id: "six", pk })).toEqual(answer("delete", "six", 204, null));
      expect(await socket.ask({ action: "list", request_id: 7 })).toEqual(answer("list", 7, 200, [alex]));
    });

    test("hears of a row's updates and of its delete, which has the key as pk, until it unsubscribes", async () => {
      const socket = await open();
      await people.Person.objects.create({ name: "Sam" });
      const subscribe = { action: "subscribe_instance", request_id: "row" };
      for (const pk of [1, 2])
        expect(await socket.ask({ ...subscribe, pk })).toMatchObject(answer(subscribe.action, "row", 201, null));
      await people.Person.objects.filter({ id: 1 }).update({ name: "Jefe" });
      expect(await socket.next()).toMatchObject(answer("update", "row", 200, { ...alex, name: "Jefe" }));
      expect(await socket.ask({ action: "unsubscribe_instance", request_id: "row", pk: 1 })).toEqual(
        answer("unsubscribe_instance", "row", 204, null),
      );
      await people.Person.objects.filter({ id: 1 }).delete();
      await people.Person.objects.filter({ id: 2 }).delete();
      expect(await socket.next()).toMatchObject(answer("delete", "row", 204, { pk: 2 }));
      expect(await socket.takeRest()).toEqual([]);
    });

    test("is answered before it hears of its own write", async () => {
      const socket = await open();
      await socket.ask({ action: "subscribe_instance", request_id: "row", pk: 1 });
      const jefe = { ...alex, name: "Jefe" };
      expect(await socket.ask({ action: "patch", request_id: 1, pk: 1, data: { name: "Jefe" } })).toEqual(
        answer("patch", 1, 200, jefe),
      );
      expect(await socket.next()).toMatchObject(answer("update", "row", 200, jefe));
    });

    test("hears creates, updates and deletes by custom actions, until the one that unsubscribes", async () => {
      const socket = await open();
      for (const request_id of ["ending", "staying"]) await socket.ask({ action: "subscribe_to_activity", request_id });
      await people.Person.objects.create({ name: "Sam" });
      for (const id of ["ending", "staying"]) expect(await socket.next()).toMatchObject(answer("create", id, 200, { pk: 2 }));
      await socket.ask({ action: "unsubscribe_from_activity", request_id: "ending" });
      await people.Person.objects.filter({ id: 2 }).update({ name: "Jo" });
      expect(await socket.next()).toMatchObject(answer("update", "staying", 200, { pk: 2 }));
      await people.Person.objects.filter({ id: 2 }).delete();
      expect(await socket.next()).toMatchObject(answer("delete", "staying", 200, { pk: 2 }));
      expect(await socket.takeRest()).toEqual([]);
    });

    test("is told what was wrong, and goes on", async () => {
      const socket = await open();
      const refusal = (action: string, status: number, errors: readonly unknown[]) => ({
        ...answer(action, 1, status, null),
        errors,
      });
      expect(await socket.ask({ action: "create", request_id: 1, data: { name: "" } })).toEqual(
        refusal("create", 400, [{ name: ["This field may not be blank."] }]),
      );
      expect(await socket.ask({ action: "retrieve", request_id: 1, pk: 9 })).toEqual(refusal("retrieve", 404, ["Not found"]));
      expect(await socket.ask({ action: "subscribe_instance", request_id: 1, pk: 9 })).toEqual(
        refusal("subscribe_instance", 404, ["Not found"]),
      );
      expect(await socket.ask({ action: "fly", request_id: 1 })).toEqual(refusal("fly", 405, ['Method "fly" not allowed.']));
      expect(await socket.ask({ action: "retrieve", request_id: 2, pk: 1 })).toEqual(answer("retrieve", 2, 200, alex));
    });

    test("is told that a connection was cut, or that the server went, and subscribes again on a new one", async () => {
      const resume = async (): Promise<PageSocket> => {
        const socket = await open();
        await socket.ask({ action: "subscribe_instance", request_id: "row", pk: 1 });
        return socket;
      };
      const cut = await resume();
      server.cutConnections();
      expect(await cut.closed()).toBe(1006);
      const left = await resume();
      await server.restart(async () => {});
      expect(await left.closed()).toBe(1001);
      const socket = await resume();
      await people.Person.objects.filter({ id: 1 }).update({ name: "Jefe" });
      expect(await socket.next()).toMatchObject(answer("update", "row", 200, { ...alex, name: "Jefe" }));
    });
  });
});

function answer(action: string, request_id: string | number, response_status: number, data: unknown): object {
  return { errors: [], data, action, response_status, request_id };
}
