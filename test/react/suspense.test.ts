import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RestwaveServer } from "../../src/index.ts";
import { launchChromium } from "../chromium.ts";
import { type Board, openBoard } from "../client/board.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { describeWith, services } from "../services.ts";
import { bundle, openPage, pageHandler, PATIENCE } from "./open-page.ts";

describeWith(services.chromium, "components in Suspense", () => {
  let browser: Browser;
  let script: string;
  let board: Board;
  let server: RestwaveServer;
  beforeAll(async () => {
    script = await bundle("./page/main.ts");
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    board = await openBoard(sqliteFile);
    server = await board.serve({ http: pageHandler(script) });
  });

  test("wait for the first data, ask once, and show what comes after", async () => {
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const { reads, sent, click, problems, page } = await openPage(browser, server.url, "suspenseLists");
    await reads("live", "a,b");
    await reads("status", "live");
    await reads("once", "b,a");
    expect(await page.evaluate("[...waited]")).toEqual(["live", "once"]);
    await board.Task.objects.create({ title: "c" });
    await reads("live", "a,b,c");
    await reads("once", "b,a");
    await click("refetch");
    await reads("once", "c,b,a");
    expect(await page.locator("#live-waiting, #once-waiting").count()).toBe(0);
    expect(sent.toSorted()).toEqual(["list", "list", "subscribe_list"]);
    expect(problems).toEqual([]);
  });

  test("keep what they show when their arguments change in a transition", async () => {
    await board.Task.objects.bulkCreate([{ title: "open" }, { title: "closed", done: true }]);
    const { reads, click, page } = await openPage(browser, server.url, "suspenseLists");
    await reads("live", "open");
    await page.evaluate(`
      seen = [];
      new MutationObserver(() => seen.push(document.querySelector("#live-waiting") === null))
        .observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true, attributes: true })
    `);
    await click("done-later");
    await reads("live", "closed");
    expect(await page.evaluate("seen")).not.toContain(false);
  });

  for (const scene of ["suspenseRow", "suspenseRetrieve"] as const) {
    test(`give their error to the error boundary, which can try again (${scene})`, async () => {
      const { reads, click, page } = await openPage(browser, server.url, scene);
      const action = scene === "suspenseRow" ? "subscribe_instance" : "retrieve";
      await reads("caught", `tasks.${action} was answered 404: Not found`);
      await board.Task.objects.create({ title: "here" });
      await expect
        .poll(async () => {
          if ((await page.locator("#again").count()) > 0) await click("again");
          return page.locator("#row").allTextContents();
        }, PATIENCE)
        .toEqual(["here"]);
    });
  }
});
