import { expect, test } from "vitest";
import { describePages } from "./describe-pages.ts";
import { openPage, PATIENCE } from "./open-page.ts";

describePages("components that call", (pages) => {
  test("read once under StrictMode, and again when asked", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const { reads, sent, click, problems } = await openPage(browser, server.url, "reads");
    await reads("list", "ready: b,a");
    await reads("row", "idle: none");
    expect(sent).toEqual(["list"]);
    await board.Task.objects.create({ title: "c" });
    await click("refetch");
    await reads("list", "ready: c,b,a");
    await click("next");
    await reads("row", "ready: a");
    await click("next");
    await reads("row", "ready: b");
    for (const _ of [3, 4]) await click("next");
    await reads("row", "failed: none");
    await reads("error", "404");
    expect(problems).toEqual([]);
  });

  test("take back what they have asked for when they go", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.create({ title: "a" });
    const { reads, sent, click } = await openPage(browser, server.url, "reads");
    await reads("list", "ready: a");
    await server.close();
    await reads("connection", "reconnecting");
    await click("next");
    await reads("row", "loading: none");
    await click("toggle");
    const again = await board.serve({ port: server.port });
    await expect.poll(() => again.connections, PATIENCE).toBe(1);
    await click("toggle");
    await reads("list", "ready: a");
    expect(sent).not.toContain("retrieve");
  });

  test("run actions: what is sent is checked, what comes back is shown, and forgotten", async () => {
    const { browser, board, server } = pages();
    const { page, reads, click, problems } = await openPage(browser, server.url, "actions");
    await click("create");
    await reads("title-errors", '["This field may not be blank."]');
    await reads("error", 'tasks.create was answered 400: {"title":["This field may not be blank."]}');
    await page.locator("input").fill("Paint");
    await click("create");
    await reads("created", "Paint");
    await reads("title-errors", "none");
    await reads("pending", "false");
    expect(await board.Task.objects.count()).toBe(1);
    await click("reset");
    await reads("created", "none");
    expect(await page.evaluate("runs.size")).toBe(1);
    expect(problems).toEqual([]);
  });

  test("run actions with options: one that was aborted says why", async () => {
    const { browser, server } = pages();
    const { reads, click, sent, problems } = await openPage(browser, server.url, "actions");
    await click("wait");
    await reads("waiting", "true");
    await expect.poll(() => sent, PATIENCE).toEqual(["wait_for_ever"]);
    await click("abort");
    await reads("waiting", "false");
    await reads("wait-error", "enough");
    expect(sent.at(-1)).toBe("cancel");
    expect(problems).toEqual([]);
  });
});
