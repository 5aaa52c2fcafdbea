import { beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../../src/client.ts";
import type { RestwaveServer } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Board, openBoard } from "./board.ts";
import { when } from "./when.ts";

/** A WebSocket class that keeps the payloads of what it sends and receives. */
function recorded() {
  const sent: Record<string, unknown>[] = [];
  const received: Record<string, unknown>[] = [];
  class Recorder extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      this.on("message", (bytes) => received.push(JSON.parse(String(bytes)).payload ?? {}));
    }
    override send(text: string): void {
      sent.push(JSON.parse(text).payload);
      super.send(text);
    }
  }
  return { sent, received, Recorder };
}

describeOnDatabases("live queries of a page that a server rendered", (on) => {
  let board: Board;
  let server: RestwaveServer;
  beforeEach(async () => {
    board = await openBoard(on);
    server = await board.serve();
  });

  const queriesOf = (client: ReturnType<Board["client"]>) => ({
    list: client.tasks.live({ filters: { done: false }, ordering: "-title" }),
    page: client.pages.live({ limit: 2 }),
    row: client.tasks.liveInstance(1),
    count: client.tasks.liveCount({}),
  });

  /** What a server that renders knows. */
  async function rendered(): Promise<string> {
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }, { title: "</script><!--" }]);
    const client = board.client(server.url);
    await Promise.all(Object.values(queriesOf(client)).map((query) => query.ready()));
    return client.dehydrate();
  }

  test("begin with what was known there, and are told only what happened since", async () => {
    const hydrate = await rendered();
    await board.Task.objects.filter({ id: 1 }).update({ title: "aa" });
    const { sent, received, Recorder } = recorded();
    const { list, page, row, count } = queriesOf(board.client(server.url, { hydrate, WebSocket: Recorder }));
    expect(list.data?.map(({ title }) => title)).toEqual(["b", "a", "</script><!--"]);
    expect([page.data?.length, page.page, row.data?.title, count.data]).toEqual([2, { count: 3, limit: 2, offset: 0 }, "a", 3]);
    expect(list.hydrated).toEqual({ status: "live", data: list.data, error: null });
    expect(sent).toEqual([]);
    const [, second] = list.data ?? [];
    const stops = [list, page, row, count].map((query) => query.subscribe(() => undefined));
    await when(list, ({ data }) => data?.[1]?.title === "aa");
    await when(page, ({ data }) => data?.[0]?.title === "aa");
    await when(row, ({ data }) => data?.title === "aa");
    await when(count, ({ status }) => status === "live");
    expect(list.data?.[1]).not.toBe(second);
    expect(sent.map(({ since }) => typeof since)).toEqual(["string", "string", "string", "string"]);
    // A count is told anew: it is as short as what would be missing.
    const rows = received.filter(({ response_status: status, action }) => status === 201 && action !== "subscribe_count");
    expect(rows.map(({ data, reset }) => [data, reset])).toEqual(Array.from({ length: 3 }, () => [null, false]));
    for (const stop of stops) stop();
  });

  test("begin anew where the server cannot tell what happened since", async () => {
    const hydrate = (await rendered()).replaceAll(/"position":"/g, '"position":"0');
    await board.Task.objects.filter({ id: 2 }).delete();
    const { list, count } = queriesOf(board.client(server.url, { hydrate }));
    expect(list.data).toHaveLength(3);
    const stops = [list, count].map((query) => query.subscribe(() => undefined));
    await when(list, ({ data }) => data?.length === 2);
    await when(count, ({ data }) => data === 2);
    for (const stop of stops) stop();
  });

  test("that nobody listened to yet are still there for those who come", async () => {
    const hydrate = await rendered();
    const client = board.client(server.url, { hydrate });
    for (const _ of [1, 2]) expect(queriesOf(client).count.data).toBe(3);
    expect(client.tasks.liveCount({ filters: { done: true } }).data).toBeUndefined();
  });

  test("stand in a script element as they are", async () => {
    const hydrate = await rendered();
    expect(hydrate).not.toContain("<");
    expect(JSON.stringify(JSON.parse(hydrate))).toContain("</script><!--");
  });

  test("are nothing else than that", () => {
    for (const hydrate of ["{}", "[1]", '[{"position":"x"}]', "no JSON"])
      expect(() => createClient(server.url, { hydrate })).toThrow(/JSON/);
  });

  test("are left out while nothing is known", () => {
    const client = board.client(server.url);
    client.tasks.live({}).subscribe(() => undefined);
    expect(client.dehydrate()).toBe("[]");
  });
});
