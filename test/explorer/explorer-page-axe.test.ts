import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchChromium } from "../chromium.ts";
import { describeWith, services } from "../services.ts";
import { openExplorer, type OpenExplorer } from "./page/open-explorer.ts";
import { buildExplorer, type PageServer, startPageServer } from "./page/page-server.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
] as const;
// Nothing but contrast depends on the colours.
const SCHEMES = [
  { colorScheme: "light", options: { resultTypes: ["violations"] } },
  { colorScheme: "dark", options: { resultTypes: ["violations"], runOnly: ["color-contrast"] } },
] as const;

/** What axe finds in light and dark, on a desk and on a phone; and whether something is wider than the screen. */
async function problemsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const found: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) found.push(`${size.width}: ${wider} pixels wider than the screen`);
    for (const { colorScheme, options } of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
      found.push(
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${size.width} ${colorScheme} ${id}: ${html} ${failureSummary ?? ""}`),
        ),
      );
    }
  }
  return found;
}

describeWith(services.chromium, "the explorer's page, as axe sees it in both colours and at both widths", () => {
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

  type Act = (page: Page, explorer: OpenExplorer) => Promise<unknown>;
  const views: readonly (readonly [name: string, path: string, act: Act])[] = [
    ["the overview", "", async (page) => page.getByRole("main").getByRole("link", { name: "tools" }).waitFor()],
    [
      "a live table",
      "resources/tasks?f.status=%22todo%22",
      async (page, { marked }) => {
        await page.locator(".pill-live").waitFor();
        await page.getByText("Why is a row not here?").click();
        await page.getByLabel("pk").fill("6");
        await page.getByRole("button", { name: "Why is 6 not here?" }).click();
        await page.locator(".explanation").waitFor();
        await server.Task.objects.filter({ id: 2 }).update({ priority: 8 });
        await marked("cell-changed", "8");
      },
    ],
    ["a list of pages", "resources/books", async (page) => page.getByText("1 to 10 of 23").waitFor()],
    [
      "a refused table",
      "resources/secrets",
      async (page) => {
        await page.getByRole("button", { name: "Why?" }).click();
        await page.locator(".explanation").waitFor();
      },
    ],
    ["a place to fill in", "resources/notes", async (page) => page.getByText("Its path takes values.").waitFor()],
    ["the actions", "resources/tasks/actions", async (page) => page.getByRole("heading", { name: "Its own" }).waitFor()],
    [
      "a form with errors",
      "resources/tasks/actions/create",
      async (page) => {
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByText("400 Not valid").waitFor();
        await page.getByRole("button", { name: "Why?" }).click();
        await page.locator(".explanation").waitFor();
      },
    ],
    [
      "a request as JSON",
      "resources/tasks/actions/list",
      async (page) => {
        await page.getByRole("tab", { name: "JSON" }).click();
        await page.getByRole("button", { name: "List" }).click();
        await page.getByText("200 OK").waitFor();
        await page.getByText("Schemas", { exact: true }).click();
      },
    ],
    [
      "a request as code",
      "resources/tasks/actions/retrieve",
      async (page) => {
        await page.getByRole("tab", { name: "Code" }).click();
        await page.locator(".code").waitFor();
      },
    ],
    [
      "a subscription",
      "resources/tasks/actions/follow",
      async (page) => {
        await page.getByRole("button", { name: "Subscribe" }).click();
        await page.locator(".watch").getByText("Live").waitFor();
      },
    ],
    [
      "a row",
      "resources/tasks/rows/1",
      async (page) => {
        await page.locator(".pill-live").waitFor();
        await page.getByText("raise_priority").click();
      },
    ],
    [
      "a row that is edited",
      "resources/tasks/rows/1",
      async (page) => {
        await page.getByRole("button", { name: "Edit" }).click();
        await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).waitFor();
      },
    ],
    [
      "the events",
      "events",
      async (page) => {
        await page.getByRole("button", { name: "Subscribe" }).click();
        await page.getByRole("button", { name: "Stop tasks.subscribe_list" }).waitFor();
        await page.getByText("Why did an event not arrive?").click();
        await page.getByRole("combobox", { name: "Subscription" }).waitFor();
        await server.Task.objects.filter({ id: 3 }).update({ priority: 8 + Math.random() });
        await page.locator(".event-item summary").first().click();
        await page.locator(".event-item .json").waitFor();
      },
    ],
    [
      "the console",
      "console",
      async (page) => {
        await page
          .getByLabel("Frame to send")
          .fill('{"stream":"tasks","payload":{"action":"retrieve","request_id":"mine","pk":1}}');
        await page.keyboard.press("Enter");
        await page.locator(".frame-in summary").click();
        await page.locator(".frame-in .json").waitFor();
      },
    ],
    [
      "the connections",
      "events",
      async (page) => {
        await page.getByRole("button", { name: "Subscribe" }).click();
        await page.getByRole("button", { name: "Stop tasks.subscribe_list" }).waitFor();
        await page.getByRole("link", { name: "Connections" }).click();
        await page.locator(".connection-own .subscription").waitFor();
      },
    ],
    [
      "the users",
      "",
      async (page) => {
        await page.getByRole("button", { name: "Calling as" }).click();
        await page.getByRole("button", { name: "grace" }).waitFor();
      },
    ],
    [
      "the keys",
      "",
      async (page) => {
        await page.getByRole("button", { name: "Keys" }).click();
        await page.getByRole("dialog", { name: "Keys" }).waitFor();
      },
    ],
    ["what is not there", "nothing", async (page) => page.getByRole("heading", { name: "Not found" }).waitFor()],
  ];

  test.each(views)("%s", async (_name, path, act) => {
    const explorer = await openExplorer(browser, server, path);
    const { page } = explorer;
    await act(page, explorer);
    expect(await problemsOf(page)).toEqual([]);
  });

  test("the menu of a phone", async () => {
    const { page } = await openExplorer(browser, server, "", { viewport: SIZES[1] });
    await page.getByRole("button", { name: "Menu" }).click();
    expect(await problemsOf(page)).toEqual([]);
  });
});
