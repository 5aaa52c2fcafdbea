import { expect, test } from "vitest";
import { describePages } from "./describe-pages.ts";
import { openPage, PATIENCE } from "./open-page.ts";

describePages("components in Suspense", (pages) => {
  test("wait for the first data, ask once, and show what comes after", async () => {
    const { browser, board, server } = pages();
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const { reads, sent, click, problems, page } = await openPage(browser, server.url, "suspenseLists");
    await reads("live", "a,b");
    await reads("status", "live");
    await reads("count", "2");
    await reads("once", "b,a");
    expect(await page.evaluate("[...waited]")).toEqual(["live", "once"]);
    await board.Task.objects.create({ title: "c" });
    await reads("live", "a,b,c");
    await reads("count", "3");
    await reads("once", "b,a");
    await click("refetch");
    await reads("once", "c,b,a");
    expect(await page.locator("#live-waiting, #once-waiting").count()).toBe(0);
    expect(sent.toSorted()).toEqual(["list", "list", "subscribe_count", "subscribe_list"]);
    expect(problems).toEqual([]);
  });

  test("keep what they show when their arguments change in a transition", async () => {
    const { browser, board, server } = pages();
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
      const { browser, board, server } = pages();
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
