import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

/** The explorer in a browser, and what went wrong there. */
export interface OpenExplorer {
  readonly page: Page;
  /** What the browser complained of (its policy's refusals among it), and requests to other hosts. */
  readonly problems: string[];
  /** The row of the table with this key. */
  row(key: string | number): Locator;
  goto(path: string): Promise<void>;
  /** Waits until the table is live. */
  live(): Promise<void>;
  /**
   * Waits until a row (`row-entered`, `row-changed`, `row-left`) or a value (`cell-changed`) of this text has been marked, be it for a moment.
   * @returns the key of the row.
   */
  marked(mark: string, text: string): Promise<string>;
}

declare global {
  interface Window {
    /** Everything that the page has marked: marks are there for a second or two, which may be over before a test looks. */
    marks: { readonly mark: string; readonly text: string; readonly key: string }[];
  }
}

/** Runs in the page, before anything else does. */
function noteMarks(): void {
  window.marks = [];
  const note = (): void => {
    for (const element of document.querySelectorAll<HTMLElement>("tr[class^='row-'], .cell-changed")) {
      const mark = element.matches(".cell-changed") ? "cell-changed" : element.className;
      const { textContent: text } = element;
      const key = element.closest("[data-key]")?.getAttribute("data-key") ?? "";
      if (!window.marks.some((one) => one.mark === mark && one.text === text && one.key === key))
        window.marks.push({ mark, text, key });
    }
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** Opens a view of the explorer; at the end of the test there must have been no problem. */
export async function openExplorer(
  browser: Browser,
  server: { readonly url: string },
  path = "",
  options: BrowserContextOptions = {},
): Promise<OpenExplorer> {
  const context = await browser.newContext(options);
  await context.addInitScript(noteMarks);
  const page = await context.newPage();
  const problems: string[] = [];
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) problems.push(`A request to ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (!socket.url().startsWith(server.url.replace("http:", "ws:"))) problems.push(`A socket to ${socket.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  const goto = async (to: string): Promise<void> => {
    await page.goto(`${server.url}/explorer/${to}`);
    await page.locator(".shell").waitFor();
  };
  await goto(path);
  return {
    page,
    problems,
    row: (key) => page.locator(`tr[data-key="${key}"]`),
    goto,
    live: () => page.locator(".pill-live", { hasText: "Live" }).waitFor(),
    async marked(wanted, words) {
      const found = await page.waitForFunction(
        ([mark, text]) => window.marks.find((one) => one.mark === mark && one.text.includes(text ?? "")),
        [wanted, words],
      );
      return (await found.jsonValue())?.key ?? "";
    },
  };
}
