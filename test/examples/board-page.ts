import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { PATIENCE } from "../react/open-page.ts";
import type { Username } from "./start-board.ts";

export type ColumnTitle = "To do" | "In progress" | "Done";

const SIX_PIXELS_AND_MORE = 12;

/** The board as somebody sees it, in a browser of one's own. */
export class BoardPage {
  readonly page: Page;
  /** What React and the browser complained of. */
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE.timeout);
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && this.problems.push(message.text()));
    page.on("pageerror", (error) => this.problems.push(error.message));
  }

  /** Opens the page; closed after the test. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<BoardPage> {
    const context: BrowserContext = await browser.newContext({ reducedMotion: "reduce", ...options });
    onTestFinished(() => context.close());
    const board = new BoardPage(await context.newPage());
    await board.page.goto(url);
    return board;
  }

  static async openAs(browser: Browser, url: string, username: Username, options?: BrowserContextOptions): Promise<BoardPage> {
    const board = await BoardPage.open(browser, url, options);
    await board.logIn(username);
    return board;
  }

  async logIn(username: string, password = "board"): Promise<void> {
    await this.page.getByLabel("Name", { exact: true }).fill(username);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Log in" }).click();
  }

  get projects(): Locator {
    return this.page.getByRole("navigation", { name: "Projects" }).locator(".project-name");
  }

  async select(project: string): Promise<void> {
    await this.page.getByRole("link", { name: project }).click();
    await this.page.getByRole("heading", { name: project, level: 1 }).waitFor();
    await this.reads(this.badge, "Live");
    await this.page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  }

  get badge(): Locator {
    return this.page.locator(".badge");
  }

  column(title: ColumnTitle): Locator {
    return this.page.getByRole("region", { name: title });
  }

  card(title: string): Locator {
    return this.page.locator("[data-task]", { hasText: title });
  }

  titles(column: ColumnTitle): Promise<string[]> {
    return this.column(column).locator(".card-title").allTextContents();
  }

  /** Resolves when the cards of a column are these, in this order. */
  async shows(column: ColumnTitle, titles: readonly string[]): Promise<void> {
    const expected = JSON.stringify(titles);
    await this.page.waitForFunction(
      ([label, text]) => {
        const cards = document.querySelectorAll(`[aria-label="${label}"] .card-title`);
        return JSON.stringify([...cards].map((card) => card.textContent)) === text;
      },
      [column, expected],
      { timeout: PATIENCE.timeout },
    );
  }

  /** Resolves when an element's text is this. */
  async reads(element: Locator, text: string | RegExp): Promise<void> {
    await element.filter({ hasText: text }).waitFor();
  }

  /** Adds a task at the end of a column. */
  async add(column: ColumnTitle, title: string): Promise<void> {
    const input = this.column(column).getByRole("textbox");
    await input.fill(title);
    await input.press("Enter");
  }

  async open(title: string): Promise<Locator> {
    await this.card(title).click();
    const dialog = this.page.getByRole("dialog", { name: "Task" });
    await dialog.waitFor();
    return dialog;
  }

  /** Resolves when it is connected again. Now and then the device says that it is online: the pauses between attempts grow, and are left to chance. */
  async reconnects(): Promise<void> {
    await this.wakesUntil(this.badge.filter({ hasText: "Live" }));
  }

  /** Resolves when an element is there that comes with a connection. */
  async wakesUntil(element: Locator): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      await this.page.evaluate(() => dispatchEvent(new Event("online")));
      return element.isVisible();
    };
    await expect.poll(isThere, { ...PATIENCE, interval: 200 }).toBe(true);
  }

  /** Takes a card with the mouse and lets it go over the upper half of another. */
  async dragBefore(title: string, other: string): Promise<void> {
    const target = await this.boxOf(this.card(other));
    await this.drag(title, "[data-drop]", target.x + target.width / 2, target.y + 1);
  }

  /** Takes a card with the mouse and lets it go below the last card of a column. */
  async dragToEnd(title: string, column: ColumnTitle): Promise<void> {
    const target = await this.boxOf(this.column(column));
    await this.drag(title, ".drop-end", target.x + target.width / 2, target.y + target.height - 5);
  }

  /** @param mark what the page shows where the card would be dropped. It comes a moment after the mouse, and is that of another place until then. */
  private async drag(title: string, mark: "[data-drop]" | ".drop-end", x: number, y: number): Promise<void> {
    const card = await this.boxOf(this.card(title));
    const { mouse } = this.page;
    // Held at its middle: where the pointer is, there is the middle of the card.
    await mouse.move(card.x + card.width / 2, card.y + card.height / 2);
    await mouse.down();
    await mouse.move(card.x + card.width / 2 + SIX_PIXELS_AND_MORE, card.y + card.height / 2, { steps: 3 });
    await this.page.locator("[data-overlay]").waitFor();
    await mouse.move(x, y, { steps: 8 });
    await this.page.waitForFunction(
      ([selector, left, top]) => {
        const marked = document.querySelector(selector);
        const box = (selector === ".drop-end" ? marked?.closest(".column") : marked)?.getBoundingClientRect();
        return box !== undefined && box.left <= left && left <= box.right && box.top <= top && top <= box.bottom;
      },
      [mark, x, y] as const,
    );
    await mouse.up();
  }

  private async boxOf(element: Locator) {
    const box = await element.boundingBox();
    if (box === null) throw new TypeError(`Expected ${String(element)} to be on the page.`);
    return box;
  }
}
