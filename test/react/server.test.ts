import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { createElement } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { beforeEach, describe, expect, test } from "vitest";
import type { RestwaveServer } from "../../src/index.ts";
import { launchChromium } from "../chromium.ts";
import { type Board, openBoard } from "../client/board.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { describeWith, services } from "../services.ts";
import { bundle, openPage, pageHandler } from "./open-page.ts";
import type { BoardClient } from "./page/connect.ts";
import { HydratedApp } from "./page/hydrated-app.ts";

let board: Board;
let html = "";
async function open(script = ""): Promise<RestwaveServer> {
  board = await openBoard(sqliteFile);
  await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
  return board.serve({ http: pageHandler(script, () => html) });
}

/** All that the application shows, before it is rendered. */
async function load(client: BoardClient): Promise<void> {
  await Promise.all([client.tasks.live({ ordering: "title" }).ready(), client.tasks.liveInstance(1).ready()]);
}

describe("an application on a server", () => {
  let server: RestwaveServer;
  beforeEach(async () => {
    server = await open();
  });

  test("shows live data that was loaded before", async () => {
    const client = board.client(server.url);
    await load(client);
    const rendered = renderToString(createElement(HydratedApp, { client }));
    expect(rendered).toContain('<p id="list">a,b</p><p id="status">live</p>');
    expect(rendered).toContain('<p id="row">a</p>');
    expect(rendered).toContain('<p id="connection">idle</p>');
  });

  test("waits in Suspense for live data when it is streamed, and subscribes to nothing else", async () => {
    const client = board.client(server.url);
    const stream = new PassThrough();
    const { pipe } = renderToPipeableStream(createElement(HydratedApp, { client }), { onAllReady: () => pipe(stream) });
    const rendered = await text(stream);
    expect(rendered).toContain('<p id="list">none</p><p id="status">loading</p>');
    expect(rendered).toContain('<p id="row">a</p>');
    expect(JSON.parse(client.dehydrate())).toMatchObject([{ request: { kind: "instance" } }]);
  });
});

describeWith(services.chromium, "a page that a server rendered", () => {
  test("is taken over as it is, goes on from there, and is told only what it missed", { timeout: 60_000 }, async () => {
    const server = await open(await bundle("./page/hydrate.ts"));
    const client = board.client(server.url);
    await load(client);
    const rendered = renderToString(createElement(HydratedApp, { client }));
    const data = `<script type="application/json" id="restwave">${client.dehydrate()}</script>`;
    html = `<!doctype html><link rel="icon" href="data:,"><main>${rendered}</main>${data}<script type="module" src="/page.js"></script>`;
    const browser = await launchChromium();
    try {
      await board.Task.objects.filter({ id: 1 }).update({ title: "c" });
      const { page, reads, frames, problems } = await openPage(browser, server.url, "");
      await reads("list", "a,b");
      await page.evaluate("hydrate()");
      await reads("list", "b,c");
      await reads("row", "c");
      await reads("status", "live");
      await reads("connection", "open");
      expect(frames.map(({ action, since }) => [action, typeof since])).toEqual([
        ["subscribe_list", "string"],
        ["subscribe_instance", "string"],
      ]);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
