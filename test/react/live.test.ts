import { expect, test } from "vitest";
import { describePages } from "./describe-pages.ts";
import { openPage, PATIENCE } from "./open-page.ts";

describePages("live data in components", (pages) => {
  test("is what the server has, whoever writes, with one subscription for all components under StrictMode", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "b" }, { title: "a" }]);
    const { reads, sent, problems } = await openPage(browser, server.url, "liveList");
    await reads("a", "ab");
    await reads("b", "ab");
    await board.Task.objects.create({ title: "aa" });
    await reads("a", "aaab");
    await board.Task.objects.filter({ title: "b" }).update({ done: true });
    await reads("b", "aaa");
    await reads("a-status", "live");
    expect(sent).toEqual(["subscribe_list"]);
    expect(problems).toEqual([]);
  });

  test("ends its subscription a while after the last component has gone, and begins anew for the next", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.create({ title: "x" });
    const { reads, sent, click, page } = await openPage(browser, server.url, "liveList");
    await reads("a", "x");
    await click("toggle-a");
    await click("toggle-a");
    await reads("a", "x");
    await click("toggle-a");
    await click("toggle-b");
    await expect.poll(() => sent, PATIENCE).toEqual(["subscribe_list", "unsubscribe_list"]);
    await board.Task.objects.create({ title: "y" });
    await click("toggle-b");
    await reads("b", "xy");
    expect(sent).toEqual(["subscribe_list", "unsubscribe_list", "subscribe_list"]);
    expect(await page.locator("#a").count()).toBe(0);
  });

  test("renders a component twice, and of the rows only those that changed", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const { reads, page } = await openPage(browser, server.url, "liveList", { plain: true });
    await reads("a", "ab");
    await reads("a-status", "live");
    expect(await page.evaluate("[rendersOf('a'), rendersOf('row 1'), rendersOf('row 2')]")).toEqual([2, 2, 2]);
    await board.Task.objects.filter({ id: 2 }).update({ title: "c" });
    await reads("a", "ac");
    await reads("b", "ac");
    expect(await page.evaluate("[rendersOf('a'), rendersOf('row 1'), rendersOf('row 2')]")).toEqual([3, 2, 4]);
  });

  test("follows its arguments: nothing of the old ones is shown, unless it is to be kept", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "open" }, { title: "closed", done: true }]);
    const { reads, sent, click, page } = await openPage(browser, server.url, "changingArguments", { plain: true });
    await reads("plain", "live: open");
    await click("done");
    await reads("plain", "live: closed");
    await reads("kept", "closed");
    const log = await page.evaluate("log.splice(0)");
    expect(log).toEqual(["loading none, none", "live open, open", "loading none, previous open", "live closed, closed"]);
    await expect.poll(() => sent, PATIENCE).toEqual(["subscribe_list", "subscribe_list", "unsubscribe_list"]);
    await click("enable");
    await reads("plain", "idle: none");
    await reads("kept", "none");
    await expect.poll(() => sent.slice(3), PATIENCE).toEqual(["unsubscribe_list"]);
  });

  test("of one row begins when there is a key, shows its end, and can be asked again when it was refused", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.create({ title: "x" });
    const { reads, sent, click, problems } = await openPage(browser, server.url, "instanceAndCount");
    await reads("counts", "1 of 1");
    await reads("status", "idle");
    expect(sent).toEqual(["subscribe_count", "subscribe_count"]);
    await click("one");
    await reads("row", "x");
    await board.Task.objects.filter({ id: 1 }).update({ title: "y", done: true });
    await reads("row", "y");
    await reads("counts", "0 of 1");
    await click("missing");
    await reads("status", "failed");
    await reads("error", "tasks.subscribe_instance was answered 404: Not found");
    await board.Task.objects.create({ title: "z" });
    await click("retry");
    await reads("row", "z");
    await reads("error", "none");
    await board.Task.objects.filter({ id: 2 }).delete();
    await reads("row", "gone");
    expect(problems).toEqual([]);
  });

  test("of a page comes with what it says of the others", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([1, 2, 3].map((priority) => ({ title: `${priority}`, priority })));
    const { reads } = await openPage(browser, server.url, "page");
    await reads("page", '{"titles":["3","2"],"rest":{"count":3,"limit":2,"offset":0}}');
  });

  test("is stale through a cut, and right again afterwards; the connection's state says so", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.create({ title: "x" });
    const { reads, problems } = await openPage(browser, server.url, "connection");
    await reads("titles", "x");
    await reads("connection", "open");
    await server.close();
    await reads("connection", "reconnecting");
    await reads("status", "stale");
    await reads("titles", "x");
    await board.Task.objects.create({ title: "y" });
    await board.serve({ port: server.port });
    await reads("connection", "open");
    await reads("status", "live");
    await reads("titles", "x,y");
    expect(problems.filter((text) => !text.includes("WebSocket connection to"))).toEqual([]);
  });
});
