import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { FaultProxy } from "../../src/testing.ts";
import { launchChromium } from "../chromium.ts";
import { describeWith, services } from "../services.ts";
import { BoardPage } from "./board-page.ts";
import { BoardProcess } from "./start-board.ts";

const TODO = [
  "Write the story on the start page",
  "Collect quotes from three customers",
  "Choose a typeface",
  "Redirects for the old addresses",
  "Check contrast in dark mode",
] as const;
const DOING = ["Sketch the new navigation", "Move the documentation"] as const;
const DONE = ["Agree on the goals", "Measure how fast the old pages are", "List what nobody reads"] as const;
const PROJECT = "Website relaunch";

// Each test starts a server and two browsers.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

describeWith(services.chromium, "the board in two browsers", () => {
  let browser: Browser;
  let server: BoardProcess;
  let ada: BoardPage;
  let grace: BoardPage;
  const pages: BoardPage[] = [];

  const opened = async (username: "ada" | "grace" | "alan", url = server.url): Promise<BoardPage> => {
    const page = await BoardPage.openAs(browser, url, username);
    pages.push(page);
    return page;
  };
  const both = async (): Promise<void> => {
    [ada, grace] = await Promise.all([opened("ada"), opened("grace")]);
    await Promise.all([ada.select(PROJECT), grace.select(PROJECT)]);
  };

  beforeAll(async () => {
    build();
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await BoardProcess.start();
  });
  afterEach(() => {
    const problems = pages.splice(0).flatMap((page) => page.problems);
    expect(problems).toEqual([]);
  });

  test("an edit in one appears in the other", async () => {
    await both();
    const dialog = await ada.open("Choose a typeface");
    await dialog.getByLabel("Title").fill("Choose two typefaces");
    await ada.page.keyboard.press("Tab");
    await dialog.getByLabel("Assigned to").selectOption("Grace Hopper");
    await grace.card("Choose two typefaces").getByLabel("Grace Hopper").waitFor();
    const seen = await grace.open("Choose two typefaces");
    await dialog.getByLabel("Notes").fill("One for text, one for headings.");
    await ada.page.keyboard.press("Escape");
    await grace.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>(".edited-notes")?.value.includes("headings"),
    );
    await seen.getByRole("button", { name: "Delete" }).click();
    await ada.shows("To do", TODO.toSpliced(2, 1));
  });

  test("what is added, dragged and reordered stands in the same place for both, and after a reload", async () => {
    await both();
    await ada.add("To do", "Write a changelog");
    await grace.shows("To do", [...TODO, "Write a changelog"]);
    await grace.dragBefore("Write a changelog", TODO[1]);
    const [first, ...others] = TODO;
    await ada.shows("To do", [first, "Write a changelog", ...others]);
    await ada.dragToEnd(first, "Done");
    await grace.shows("Done", [...DONE, first]);
    await grace.shows("To do", ["Write a changelog", ...others]);
    await grace.dragBefore(DOING[1], DOING[0]);
    await ada.shows("In progress", DOING.toReversed());
    await ada.page.reload();
    await ada.shows("Done", [...DONE, first]);
    await ada.shows("In progress", DOING.toReversed());
  });

  test("both may drop at the same place at the same moment: they agree on an order, and more goes between", async () => {
    await both();
    await Promise.all([ada.dragBefore(DOING[0], TODO[1]), grace.dragBefore(DONE[0], TODO[1])]);
    await Promise.all(
      [ada, grace].map((page) =>
        page.page.waitForFunction(() => document.querySelectorAll("[aria-label='To do'] .card").length === 7),
      ),
    );
    const agreed = await ada.titles("To do");
    await grace.shows("To do", agreed);
    const [second = "", third = ""] = agreed.slice(1);
    expect([second, third].toSorted()).toEqual([DONE[0], DOING[0]]);
    await ada.dragBefore(DONE[2], third);
    await grace.page.waitForFunction(() => document.querySelectorAll("[aria-label='To do'] .card").length === 8);
    await ada.shows("To do", await grace.titles("To do"));
  });

  test("cards move with Alt and the arrow keys, and keep the focus", async () => {
    await both();
    await ada.card(TODO[0]).focus();
    await ada.page.keyboard.press("Alt+ArrowDown");
    await ada.shows("To do", [TODO[1], TODO[0], ...TODO.slice(2)]);
    await ada.page.keyboard.press("Alt+ArrowRight");
    await ada.shows("In progress", [DOING[0], TODO[0], DOING[1]]);
    await ada.page.waitForFunction((title) => document.activeElement?.textContent.includes(title), TODO[0]);
    await ada.page.keyboard.press("Alt+ArrowUp");
    await grace.shows("In progress", [TODO[0], ...DOING]);
  });

  test("filters are live: what comes to match enters, what no longer does leaves", async () => {
    await both();
    await ada.page.getByRole("button", { name: "Grace Hopper" }).first().click();
    await ada.shows("To do", [TODO[1], TODO[3]]);
    await (await grace.open(TODO[2])).getByLabel("Assigned to").selectOption("Grace Hopper");
    await ada.shows("To do", [TODO[1], TODO[2], TODO[3]]);
    await ada.page.getByRole("button", { name: "Grace Hopper" }).first().click();
    await ada.page.getByLabel("Search tasks").fill("old");
    await ada.shows("To do", [TODO[3]]);
    await ada.shows("Done", [DONE[1]]);
    await grace.page.keyboard.press("Escape");
    await grace.add("To do", "Archive the old pages");
    await ada.shows("To do", [TODO[3], "Archive the old pages"]);
  });

  test("offline edits are shown at once, and arrive after the connection is back", async () => {
    const proxy = await FaultProxy.start({ target: `ws://127.0.0.1:${server.port}` });
    onTestFinished(() => proxy.close());
    [ada, grace] = await Promise.all([opened("ada", proxy.url.replace("ws:", "http:")), opened("grace")]);
    await Promise.all([ada.select(PROJECT), grace.select(PROJECT)]);
    proxy.refuse();
    proxy.cut();
    await ada.reads(ada.badge, "Offline");
    await ada.add("In progress", "Written on a train");
    await ada.dragToEnd(TODO[0], "Done");
    await ada.reads(ada.badge, "2 edits wait");
    await ada.shows("In progress", [...DOING, "Written on a train"]);
    await ada.shows("Done", [...DONE, TODO[0]]);
    await grace.add("To do", "Written at the desk");
    await grace.shows("In progress", DOING);
    proxy.accept();
    await ada.reconnects();
    for (const page of [ada, grace]) {
      await page.shows("In progress", [...DOING, "Written on a train"]);
      await page.shows("Done", [...DONE, TODO[0]]);
      await page.shows("To do", [...TODO.slice(1), "Written at the desk"]);
    }
    // The browser says that connecting failed; nothing else may go wrong.
    expect(ada.problems.filter((problem) => !problem.includes("WebSocket connection to"))).toEqual([]);
    ada.problems.length = 0;
  });

  test("an answer that is lost is no second task", async () => {
    const proxy = await FaultProxy.start({ target: `ws://127.0.0.1:${server.port}` });
    onTestFinished(() => proxy.close());
    [ada, grace] = await Promise.all([opened("ada", proxy.url.replace("ws:", "http:")), opened("grace")]);
    await Promise.all([ada.select(PROJECT), grace.select(PROJECT)]);
    const lost = proxy.dropAnswer("create");
    await ada.add("Done", "Only once");
    await lost.happened();
    await ada.reconnects();
    await ada.add("Done", "The next one");
    for (const page of [ada, grace]) await page.shows("Done", [...DONE, "Only once", "The next one"]);
  });

  test("what the server refuses is taken back, and said", async () => {
    const proxy = await FaultProxy.start({ target: `ws://127.0.0.1:${server.port}` });
    onTestFinished(() => proxy.close());
    [ada, grace] = await Promise.all([opened("ada", proxy.url.replace("ws:", "http:")), opened("grace")]);
    await Promise.all([ada.select(PROJECT), grace.select(PROJECT)]);
    proxy.hold("both");
    await ada.dragToEnd(TODO[0], "Done");
    await ada.shows("Done", [...DONE, TODO[0]]);
    await (await grace.open(TODO[0])).getByRole("button", { name: "Delete" }).click();
    await grace.shows("To do", TODO.slice(1));
    proxy.release("both");
    // What was refused is said for a few seconds.
    await Promise.all([ada.page.getByText("Not found").waitFor(), ada.shows("To do", TODO.slice(1)), ada.shows("Done", DONE)]);
  });

  test("who is removed from a project loses it at once, and gets it back at once", async () => {
    await both();
    const opened = await grace.open(TODO[0]);
    await ada.page.getByRole("button", { name: "Members" }).click();
    const members = ada.page.getByRole("dialog");
    await members.getByRole("listitem").filter({ hasText: "Grace Hopper" }).getByRole("button", { name: "Remove" }).click();
    await grace.page.getByRole("heading", { name: "Mobile app", level: 1 }).waitFor();
    await opened.waitFor({ state: "detached" });
    expect(await grace.projects.allTextContents()).toEqual(["Mobile app"]);
    expect(await grace.page.getByText(TODO[0]).count()).toBe(0);
    await members.getByRole("listitem").filter({ hasText: "Grace Hopper" }).getByRole("button", { name: "Add" }).click();
    await grace.page.getByRole("heading", { name: PROJECT, level: 1 }).waitFor();
    await grace.shows("To do", TODO);
  });

  test("logging in, out, and a session that the server has forgotten", async () => {
    const page = await BoardPage.open(browser, server.url);
    await page.logIn("alan", "wrong");
    await page.page.getByText("Wrong name or password.").waitFor();
    await page.logIn("alan");
    await page.select("Allotment");
    expect(await page.projects.allTextContents()).toEqual(["Allotment", "Mobile app"]);
    await page.page.reload();
    await page.select("Mobile app");
    await page.page.getByRole("button", { name: "Log out" }).click();
    await page.page.getByRole("heading", { name: "Log in" }).waitFor();
    await page.page.reload();
    await page.page.getByRole("heading", { name: "Log in" }).waitFor();
    await page.logIn("alan");
    await page.select("Allotment");
    await server.restart();
    await page.wakesUntil(page.page.getByRole("heading", { name: "Log in" }));
  });

  test("a project is made, filled and deleted", async () => {
    await both();
    await ada.page.getByRole("button", { name: "New project" }).click();
    await ada.page.getByLabel("Name of the new project").fill("Analytical engine");
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("heading", { name: "Analytical engine", level: 1 }).waitFor();
    await ada.add("To do", "Order brass");
    await ada.shows("To do", ["Order brass"]);
    await ada.page.getByRole("button", { name: "Members" }).click();
    await ada.page.getByRole("dialog").getByRole("button", { name: "Delete project" }).click();
    await ada.page.getByRole("link", { name: "Analytical engine" }).waitFor({ state: "detached" });
    expect(await grace.projects.allTextContents()).toEqual(["Mobile app", PROJECT]);
  });

  test("on a phone nothing is wider than the screen, and a column is a swipe away", async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const page = await BoardPage.openAs(browser, server.url, "ada", phone);
    await page.select(PROJECT);
    expect(await page.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.column("Done").scrollIntoViewIfNeeded();
    await page.page.waitForFunction(
      () => (document.querySelector("[aria-label='Done']")?.getBoundingClientRect().right ?? 0) <= 391,
    );
    await page.card(DONE[0]).tap();
    await page.page.getByRole("dialog", { name: "Task" }).waitFor();
  });
});

/** Builds the page as `npm run board` does. */
function build(): void {
  const root = join(import.meta.dirname, "../..");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", join(root, "examples/board/page"), "--logLevel=error"];
  const { NODE_ENV: _test, VITEST: _vitest, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
}
