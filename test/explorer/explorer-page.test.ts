import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchChromium } from "../chromium.ts";
import { describeWith, services } from "../services.ts";
import { openExplorer } from "./page/open-explorer.ts";
import { buildExplorer, type PageServer, startPageServer } from "./page/page-server.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

describeWith(services.chromium, "the explorer's page", () => {
  let browser: Browser;
  let server: PageServer;

  beforeAll(async () => {
    buildExplorer();
    [browser, server] = await Promise.all([launchChromium(), startPageServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const open = (path = "", options = {}) => openExplorer(browser, server, path, options);

  test("a row that is created through a form arrives in the live table of another page, and is marked", async () => {
    const watching = await open("resources/tasks");
    await watching.live();
    const { page } = await open("resources/tasks/actions/create");
    await page.getByRole("textbox", { name: "Title" }).fill("Ship the explorer");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("201 Created").waitFor();
    const id = await watching.marked("row-entered", "Ship the explorer");
    await server.Task.objects.filter({ id: Number(id) }).update({ priority: 9 });
    expect(await watching.marked("row-changed", "Ship the explorer")).toBe(id);
    expect(await watching.marked("cell-changed", "9")).toBe(id);
    await server.Task.objects.filter({ id: Number(id) }).delete();
    expect(await watching.marked("row-left", "Ship the explorer")).toBe(id);
    await watching.row(id).waitFor({ state: "detached" });
  });

  test("what the server says of a field stands at the field, which gets the focus", async () => {
    const { page } = await open("resources/tasks/actions/create");
    const title = page.getByRole("textbox", { name: "Title" });
    await title.fill("A forbidden word");
    await title.press("Enter");
    await page.getByText("400 Not valid").waitFor();
    await page.locator(".action-request").getByText("This word is not allowed.").waitFor();
    expect(await title.getAttribute("aria-invalid")).toBe("true");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
    await page.getByRole("button", { name: "Why?" }).click();
    await page.locator(".step-refused", { hasText: "This word is not allowed." }).first().waitFor();
  });

  test("the same request is written as JSON and as code", async () => {
    const { page } = await open("resources/tasks/actions/create");
    await page.getByRole("textbox", { name: "Title" }).fill("Written once");
    await page.getByRole("tab", { name: "JSON" }).click();
    const raw = page.getByLabel("Arguments as JSON");
    expect(JSON.parse(await raw.inputValue())).toEqual({ data: { title: "Written once" } });
    await raw.fill('{"data": {"title": "Written twice"');
    await page.getByText("This is no JSON yet.").waitFor();
    expect(await page.getByRole("button", { name: "Create" }).isDisabled()).toBe(true);
    await raw.fill('{"data": {"title": "Written twice"}}');
    await page.getByRole("tab", { name: "Code" }).click();
    for (const language of ["TypeScript", "wscat", "Python"]) {
      await page.getByRole("tab", { name: language }).click();
      await page.locator(".code", { hasText: "Written twice" }).waitFor();
    }
    await page.getByRole("tab", { name: "Form" }).click();
    expect(await page.getByRole("textbox", { name: "Title" }).inputValue()).toBe("Written twice");
  });

  test("rows are searched, filtered and ordered, and the URL says how", async () => {
    const { page, row, live, marked } = await open("resources/tasks");
    await live();
    await page.getByRole("searchbox", { name: "Search" }).fill("old");
    await row(2).waitFor({ state: "detached" });
    await row(4).waitFor();
    await row(5).waitFor();
    await page.getByRole("combobox", { name: "Filter" }).selectOption("status");
    await page.getByRole("combobox", { name: "status" }).selectOption("done");
    await row(4).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?search=old&f.status=%22done%22");
    await page.reload();
    await row(5).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
    // What comes to match enters.
    await server.Task.objects.filter({ id: 4 }).update({ status: "done" });
    expect(await marked("row-entered", "done")).toBe("4");
    await server.Task.objects.filter({ id: 4 }).update({ status: "todo" });
    await page.getByRole("button", { name: "Remove the filter status" }).click();
    await page.getByRole("searchbox", { name: "Search" }).fill("nothing has this");
    await page.getByText("No row matches.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("columnheader", { name: "title" }).getByRole("button").click();
    await page.waitForFunction(() => document.querySelector("tbody tr")?.getAttribute("data-key") === "6");
    await page.getByRole("columnheader", { name: "title" }).getByRole("button").click();
    await page.waitForFunction(() => document.querySelector("tbody tr")?.getAttribute("data-key") === "7");
    expect(await page.getByRole("columnheader", { name: "title" }).getAttribute("aria-sort")).toBe("descending");
  });

  test("a list without subscriptions has pages and a button to ask again", async () => {
    const { page, row } = await open("resources/books");
    await row(10).waitFor();
    await page.getByText("1 to 10 of 23").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await row(20).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("21 to 23 of 23").waitFor();
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);
    await page.getByLabel("Rows on a page").selectOption("25");
    await page.getByText("1 to 23 of 23").waitFor();
    await page.getByRole("button", { name: "Refresh" }).click();
    await row(23).click();
    await page.getByRole("heading", { name: "books 23" }).waitFor();
    await page.getByText("Book 23").waitFor();
  });

  test("of a long list the first rows are shown, and more when asked", async () => {
    await server.Note.objects.bulkCreate(Array.from({ length: 250 }, (_, index) => ({ room: 7, body: `Note ${index + 1}` })));
    const { page } = await open("resources/notes?in.room=7");
    await page.getByText("250 rows").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(200);
    await page.getByRole("button", { name: "Show 50 more of 250" }).click();
    await page.getByText("Note 250", { exact: true }).waitFor();
  });

  test("a row has a page of its own: live, edited with what was changed, called, deleted", async () => {
    const { id } = await server.Task.objects.create({ title: "Have a page", status: "todo", priority: 1, urgent: false });
    const { page, row, live, marked } = await open("resources/tasks");
    await row(id).click();
    await page.getByRole("heading", { name: `tasks ${id}` }).waitFor();
    await expect.poll(() => page.title()).toBe(`tasks ${id} · Studio`);
    await live();
    const details = page.getByRole("region", { name: "Row", exact: true });
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("textbox", { name: "Title" }).inputValue()).toBe("Have a page");
    await dialog.getByRole("textbox", { name: "Title" }).fill("Have a better page");
    // Somebody else changes another field meanwhile.
    await server.Task.objects.filter({ id }).update({ status: "doing" });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await details.getByText("Have a better page", { exact: true }).waitFor();
    expect(await server.Task.objects.get({ pk: id })).toMatchObject({ title: "Have a better page", status: "doing" });
    await page.getByText("raise_priority").click();
    await page.getByRole("button", { name: "Run" }).click();
    await marked("cell-changed", "priority2");
    await page.getByRole("region", { name: "Events of this row" }).getByText("update").first().waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("This row is gone").waitFor();
    expect(await server.Task.objects.filter({ id }).count()).toBe(0);
  });

  test("a stream shows its items as they come, and can be stopped", async () => {
    const { page } = await open("resources/tasks/actions/count_to");
    const to = page.locator(".action-request").getByRole("textbox").first();
    await to.fill("7");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText("200 OK").waitFor();
    await page.getByText("7 items").waitFor();
    await to.fill("1000000");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText("Streaming", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".answer").getByText("stopped", { exact: false }).first().waitFor();
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
  });

  test("a subscription of the application's own is begun, heard and ended", async () => {
    const { page } = await open("resources/tasks/actions/follow");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.locator(".watch").getByText("Live").waitFor();
    await server.Task.objects.filter({ id: 1 }).update({ priority: 5 });
    await page.locator(".watch .event-item", { hasText: "update" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".watch").getByText("Stopped").waitFor();
  });

  test("what is heard by an observer stands among the connections, and can be asked about", async () => {
    const { page } = await open("resources/tasks/actions/follow");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.locator(".watch").getByText("Live").waitFor();
    await server.Task.objects.filter({ id: 1 }).update({ priority: 6 });
    await page.locator(".watch .event-item", { hasText: "update" }).waitFor();
    await page.getByRole("link", { name: "Connections" }).click();
    await page.locator(".connection-own .matches", { hasText: 'task in group "all"' }).waitFor();
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByText("Why did an event not arrive?").click();
    await page.getByRole("combobox", { name: "Subscription" }).selectOption({ index: 0 });
    await page.getByLabel("pk").fill("1");
    await page.getByRole("button", { name: "Why?" }).click();
    await page.locator(".explanation-summary", { hasText: "activity was given it" }).waitFor();
  });

  test("says why a request was refused, and why a row is not in the table", async () => {
    const { page, row } = await open("resources/secrets");
    await page.getByText("answered 403").waitFor();
    await page.getByRole("button", { name: "Why?" }).click();
    await page.locator(".step-refused", { hasText: "IsAuthenticated" }).waitFor();
    await page.goto(`${server.url}/explorer/resources/tasks?f.status=%22done%22`);
    await row(5).waitFor();
    await page.getByText("Why is a row not here?").click();
    await page.getByLabel("pk").fill("3");
    await page.getByRole("button", { name: "Why is 3 not here?" }).click();
    await page.locator(".step-refused", { hasText: "status" }).waitFor();
  });

  test("events are paused, filtered, cleared, and asked for when they are missed", async () => {
    const { page } = await open("events");
    await page.getByText("No events yet.").waitFor();
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByRole("button", { name: "Stop tasks.subscribe_list" }).waitFor();
    const change = (priority: number) => server.Task.objects.filter({ id: 2 }).update({ priority });
    await page.getByText("Why did an event not arrive?").click();
    await page.getByRole("combobox", { name: "Subscription" }).waitFor();
    await change(11);
    await page.getByText("1 event", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await change(12);
    await page.getByRole("button", { name: "Go on (1 new)" }).waitFor();
    expect(await page.locator(".event-item").count()).toBe(1);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("2 events").waitFor();
    await page.getByRole("searchbox").fill('"priority":12');
    await page.getByText("1 event", { exact: true }).waitFor();
    await page.getByLabel("pk").fill("4711");
    await page.getByRole("button", { name: "Why?" }).click();
    await page.locator(".explanation-summary").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("0 events").waitFor();
  });

  test("the console sends any frame, shows all of them, and remembers what was sent", async () => {
    const { page } = await open("console");
    const input = page.getByLabel("Frame to send");
    const first = '{"stream":"tasks","payload":{"action":"retrieve","request_id":"mine","pk":1}}';
    await input.fill(first);
    await input.press("Enter");
    await page.locator(".frame-in", { hasText: '"mine"' }).waitFor();
    await page.locator(".frame-out", { hasText: '"mine"' }).waitFor();
    await input.fill("this is no JSON");
    await input.press("Enter");
    await page.locator(".frame-in").nth(1).waitFor();
    await input.press("ArrowUp");
    expect(await input.inputValue()).toBe("this is no JSON");
    await input.press("ArrowUp");
    expect(await input.inputValue()).toBe(first);
    await input.press("ArrowDown");
    await input.press("ArrowDown");
    expect(await input.inputValue()).toBe("");
    await page.locator(".frame-in", { hasText: '"mine"' }).locator("summary").click();
    await page.locator(".frame-in .json", { hasText: "request_id" }).waitFor();
    await input.fill('{"stream":"secrets","payload":{"action":"list","request_id":"refused"}}');
    await input.press("Enter");
    await page.locator(".frame-in", { hasText: '"refused"' }).locator("summary").click();
    await page.getByRole("button", { name: "Why?" }).click();
    await page.locator(".step-refused", { hasText: "IsAuthenticated" }).waitFor();
    await page.getByRole("combobox", { name: "Begin with" }).selectOption("tasks retrieve");
    expect(JSON.parse(await input.inputValue())).toMatchObject({ stream: "tasks", payload: { action: "retrieve" } });
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("No frames yet.").waitFor();
  });

  test("at most 1,000 frames are kept", async () => {
    const { page } = await open("console");
    await page.getByLabel("Frame to send").fill('{"stream":"tasks","payload":{"action":"count_to","request_id":1,"to":1200}}');
    await page.keyboard.press("Enter");
    await page.getByText("1000 frames").waitFor();
    await page.locator(".frame-in", { hasText: '"response_status":200' }).first().waitFor();
    expect(await page.locator(".frame").count()).toBe(1000);
  });

  test("shows who is connected and what each subscription matches, with this page's own marked", async () => {
    const other = await open("resources/tasks?search=typeface");
    await other.live();
    // Begun by hand it lasts; that of a table ends a few seconds after the table is left.
    const { page } = await open("events");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByRole("button", { name: "Stop tasks.subscribe_list" }).waitFor();
    await page.getByRole("link", { name: "Connections" }).click();
    const own = page.locator(".connection-own");
    await own.getByText("This page").waitFor();
    await own.getByText("subscribe_list").waitFor();
    const others = page.locator(".connection:not(.connection-own)", { hasText: "typeface" });
    await others.waitFor();
    await other.page.context().close();
    await others.waitFor({ state: "detached" });
  });

  test("calls as a user who is chosen, by a token, and as whoever the browser is again", async () => {
    const { page, row } = await open("resources/secrets");
    await page.getByText("answered 403").waitFor();
    await page.getByRole("button", { name: "Calling as Nobody" }).click();
    await page.getByLabel("Find a user").fill("gra");
    await page.getByRole("button", { name: "ada" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "grace" }).click();
    await row(1).waitFor();
    await page.getByRole("button", { name: "Calling as grace" }).waitFor();
    await page.reload();
    await row(1).waitFor();
    await page.getByRole("button", { name: "Calling as grace" }).click();
    await page.getByLabel("Token").fill("token-alan");
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("button", { name: "Calling as alan" }).waitFor();
    await page.goto(`${server.url}/explorer/resources/secrets`);
    await page.getByText("answered 403").waitFor();
    await page.getByRole("button", { name: "Calling as Nobody" }).click();
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("button", { name: "Connect again" }).waitFor();
    await page.getByRole("button", { name: "Calling as" }).click();
    await page.getByRole("button", { name: "Whoever this browser is" }).click();
    await page.getByText("answered 403").waitFor();
  });

  test("a path with parameters asks for their values", async () => {
    const { page } = await open("resources/notes");
    await page.getByText("Its path takes values.").waitFor();
    await page.getByLabel("room").fill("2");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("In the second room").waitFor();
    await page.getByLabel("room").fill("1");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("In the first room").waitFor();
    await page.reload();
    await page.getByText("In the first room").waitFor();
  });

  test("a resource without rows has its actions, and what is not there is said", async () => {
    const { page, goto } = await open("");
    await page.getByRole("main").getByRole("link", { name: "tools" }).click();
    await page.getByRole("link", { name: /^echo/ }).click();
    await page.locator(".action-request").getByRole("textbox").first().fill("Hello");
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".answer .json", { hasText: "Hello" }).waitFor();
    for (const path of ["resources/nothing", "resources/tasks/actions/nothing", "what/is/this"]) {
      await goto(path);
      await page.getByRole("heading", { name: "Not found" }).waitFor();
    }
  });

  test("a server that is away is said, and what is shown goes on when it is back", async () => {
    const { page, row, live, problems } = await open("resources/tasks");
    await live();
    await server.restart(async () => {
      await page.locator(".badge", { hasText: "Reconnecting" }).waitFor();
      await page.getByText("Not current").waitFor();
      expect(await row(1).count()).toBe(1);
    });
    await page.locator(".badge", { hasText: "Connected" }).waitFor();
    await live();
    await server.Task.objects.filter({ id: 1 }).update({ title: "After the restart" });
    await row(1).getByText("After the restart").waitFor();
    // The browser says that connecting failed; nothing else may go wrong.
    expect(problems.filter((problem) => !problem.includes("WebSocket connection to"))).toEqual([]);
    problems.length = 0;
  });

  test("the keyboard is enough: to skip, to go, to create, to look and to close", async () => {
    const { page } = await open("");
    const { keyboard } = page;
    await keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("tasks");
    await keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1" && document.activeElement.textContent === "tasks");
    await page.locator(".pill-live").waitFor();
    await keyboard.press("n");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    while (!(await dialog.getByRole("textbox", { name: "Title" }).evaluate((field) => field === document.activeElement)))
      await keyboard.press("Tab");
    await keyboard.type("Made by keys");
    await keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Made by keys" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "New");
    await keyboard.press("/");
    await keyboard.type("made by");
    await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
    while (!(await page.evaluate(() => document.activeElement?.classList.contains("row-link")))) await keyboard.press("Tab");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: /^tasks \d+/ }).waitFor();
    await keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await keyboard.press("g");
    await keyboard.press("c");
    await page.getByRole("heading", { name: "Console" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: /^tasks \d+/ }).waitFor();
  });

  test("light or dark is as the device says until somebody chooses", async () => {
    const { page } = await open("", { colorScheme: "dark" });
    const isDark = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor === "rgb(16, 19, 22)");
    expect(await isDark()).toBe(true);
    await page.getByRole("button", { name: "Light or dark" }).click();
    expect(await isDark()).toBe(false);
    await page.reload();
    await page.locator(".shell").waitFor();
    expect(await isDark()).toBe(false);
  });

  test("on a phone nothing is wider than the screen, and the menu leads everywhere", async () => {
    const { page, row } = await open("", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const menu = page.getByRole("button", { name: "Menu" });
    for (const name of ["tasks", "Events", "Console", "Connections"]) {
      await menu.tap();
      await page.getByRole("navigation", { name: "Explorer" }).getByRole("link", { name }).tap();
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    }
    await menu.tap();
    await page.getByRole("navigation", { name: "Explorer" }).getByRole("link", { name: "tasks" }).tap();
    await row(2).tap();
    await page.getByRole("heading", { name: "tasks 2" }).waitFor();
    await page.getByRole("button", { name: "Edit" }).tap();
    await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test("with less motion wanted, what changes is marked without a flash", async () => {
    const { page, live } = await open("resources/tasks", { reducedMotion: "reduce" });
    await live();
    await server.Task.objects.filter({ id: 3 }).update({ priority: 77 });
    // Looked at in the moment in which it is marked.
    const look = await page.waitForFunction(() => {
      const cell = document.querySelector("tr.row-changed[data-key='3'] td");
      return cell === null ? null : [getComputedStyle(cell).animationName, getComputedStyle(cell).boxShadow !== "none"];
    });
    expect(await look.jsonValue()).toEqual(["none", true]);
  });
});
