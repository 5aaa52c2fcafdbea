import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { launchChromium } from "../chromium.ts";
import { describeWith, services } from "../services.ts";
import { startQuickstart } from "./quickstart-process.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describeWith(services.chromium, "the quickstart's page", () => {
  let browser: Browser;
  const pages: Page[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(() => browser.close());

  async function openPage(port: number, viewport = { width: 1280, height: 800 }): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage({ viewport });
    pages.push(page);
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (new URL(request.url()).port !== String(port) && !request.url().startsWith("data:")) problems.push(request.url());
    });
    await page.goto(`http://localhost:${port}/`);
    await page.locator("#state[data-state=open]").waitFor();
    return { page, problems };
  }

  /** Clicks a request's button and gives the frames that it sent and received. */
  async function click(page: Page, action: string): Promise<{ sent: unknown; received: Record<string, unknown> }> {
    const before = await page.locator("#frames li").count();
    await page.getByRole("button", { name: action, exact: true }).click();
    await page
      .locator("#frames li")
      .nth(before + 1)
      .waitFor();
    const texts = await page.locator("#frames li pre").allTextContents();
    return { sent: JSON.parse(texts[1] ?? ""), received: JSON.parse(texts[0] ?? "") };
  }

  test("each of the six buttons sends its request and shows the answer", async () => {
    const { port } = await startQuickstart();
    const { page, problems } = await openPage(port);
    const expected = [
      { action: "list", response_status: 200, data: [{ id: 1 }, { id: 2 }, { id: 3 }] },
      { action: "retrieve", response_status: 200, data: { id: 2, username: "test 2", email: "2@example.com" } },
      { action: "patch", response_status: 200, data: { id: 2, username: "test 2", email: "edited@example.com" } },
      { action: "update", response_status: 200, data: { id: 2, username: "user 2", email: "edited@example.com" } },
      { action: "create", response_status: 201, data: { id: 4, username: "new user 4", email: "4@example.com" } },
      { action: "delete", response_status: 204, data: null },
    ];
    for (const [index, answer] of expected.entries()) {
      const { sent, received } = await click(page, answer.action);
      expect(sent).toMatchObject({ action: answer.action, request_id: index + 1 });
      expect(received).toMatchObject({ ...answer, errors: [], request_id: index + 1 });
    }
    expect(await page.locator("#frames .status").allTextContents()).toEqual(["204", "201", "200", "200", "200", "200"]);
    expect(problems).toEqual([]);
  });

  test("a request can be edited before it is sent, and one that is not JSON shows the server's 400", async () => {
    const { port } = await startQuickstart();
    const { page } = await openPage(port);
    const editor = page.getByLabel("The retrieve request");
    await editor.fill('{"action": "retrieve", "pk": 3, "request_id": "mine"}');
    expect((await click(page, "retrieve")).received).toMatchObject({ request_id: "mine", data: { id: 3 } });
    await editor.fill("{not json");
    await page.getByRole("button", { name: "retrieve", exact: true }).click();
    await page.locator('#frames .status[data-kind="4"]').waitFor();
  });

  test("the page says when the server has gone, and connects again when asked", async () => {
    const first = await startQuickstart();
    const { page } = await openPage(first.port);
    await first.process.stop("SIGTERM");
    await page.locator("#state[data-state=closed]").waitFor();
    expect(await page.locator("#state").textContent()).toBe("closed (1001)");
    expect(await page.getByRole("button", { name: "list", exact: true }).isDisabled()).toBe(true);
    await startQuickstart({ databaseUrl: first.databaseUrl, port: first.port });
    await page.getByRole("button", { name: "Reconnect" }).click();
    await page.locator("#state[data-state=open]").waitFor();
    expect((await click(page, "list")).received).toMatchObject({ response_status: 200 });
  });

  for (const { name, width, colorScheme } of [
    { name: "a desktop", width: 1280, colorScheme: "light" },
    { name: "a phone", width: 360, colorScheme: "dark" },
  ] as const) {
    test(`nothing is wider than the screen of ${name}`, async () => {
      const { port } = await startQuickstart();
      const { page } = await openPage(port, { width, height: 780 });
      await page.emulateMedia({ colorScheme });
      for (const action of ["list", "retrieve", "create", "create"]) await click(page, action);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const folder = process.env.RESTWAVE_SCREENSHOTS;
      if (folder !== undefined)
        await page.screenshot({ path: `${folder}/quickstart-${width}-${colorScheme}.png`, fullPage: true });
    });
  }
});
