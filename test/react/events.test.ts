import { expect, test } from "vitest";
import { describePages } from "./describe-pages.ts";
import { openPage, PATIENCE } from "./open-page.ts";

describePages("components that hear of events, stream and write optimistically", (pages) => {
  test("subscribe once under StrictMode, hear of each event, and unsubscribe when they go", async () => {
    const { browser, board, server } = pages();
    const { reads, sent, click, problems } = await openPage(browser, server.url, "events");
    await reads("status", "subscribed");
    await board.Task.objects.create({ title: "a" });
    await reads("seen", "subscribed,create a");
    await board.Task.objects.filter({ title: "a" }).update({ title: "b" });
    await reads("seen", "subscribed,create a,update b");
    expect(sent).toEqual(["watch"]);
    await click("toggle");
    await expect.poll(() => sent, PATIENCE).toEqual(["watch", "unwatch"]);
    expect(problems).toEqual([]);
  });

  test("subscribe again on a new connection, and are told that events may have been missed", async () => {
    const { browser, board, server } = pages();
    const { reads } = await openPage(browser, server.url, "events");
    await reads("seen", "subscribed");
    await server.close();
    await board.serve({ port: server.port });
    await reads("seen", "subscribed,missed,subscribed");
    await board.Task.objects.create({ title: "a" });
    await reads("seen", "subscribed,missed,subscribed,create a");
  });

  test("stream once under StrictMode, to the end or until they are stopped, and cancel when they go", async () => {
    const { browser, server } = pages();
    const { reads, sent, answered, click, problems, page } = await openPage(browser, server.url, "streams");
    await reads("status", "done");
    await reads("items", "1,2,3");
    await reads("result", "done");
    expect(sent).toEqual(["count_to"]);
    await click("restart");
    // The page shows the same before and after.
    await expect.poll(() => answered, PATIENCE).toEqual(["count_to", "count_to"]);
    expect(sent).toEqual(["count_to", "count_to"]);
    await reads("items", "1,2,3");
    await click("many");
    await reads("items", "4");
    await click("stop");
    await reads("status", "stopped");
    const last = Number(await page.locator("#last").textContent());
    await reads("items", [last - 3, last - 2, last - 1, last].join());
    expect(sent.filter((action) => action === "cancel")).toHaveLength(1);
    await click("restart");
    await reads("status", "streaming");
    await click("toggle");
    await expect.poll(() => sent.filter((action) => action === "cancel"), PATIENCE).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  test("show what they write before the server has it, also without a connection, and never the old again", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const { reads, click, problems, page } = await openPage(browser, server.url, "optimistic");
    await reads("titles", "a,b");
    await server.close();
    await reads("status", "stale");
    await page.evaluate(`
      seen = [];
      new MutationObserver(() => seen.push(document.querySelector("#titles").textContent))
        .observe(document.querySelector("#titles"), { subtree: true, childList: true, characterData: true })
    `);
    await click("paint");
    await reads("titles", "painted,b");
    await reads("pending", "true");
    expect(await board.Task.objects.filter({ title: "painted" }).count()).toBe(0);
    await board.serve({ port: server.port });
    await reads("status", "live");
    await reads("pending", "false");
    expect(await board.Task.objects.filter({ title: "painted" }).count()).toBe(1);
    expect(await page.evaluate("[...new Set(seen)]")).toEqual(["painted,b"]);
    expect(problems.filter((problem) => !problem.includes("WebSocket"))).toEqual([]);
  });
});
