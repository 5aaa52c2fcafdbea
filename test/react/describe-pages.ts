import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import type { RestwaveServer } from "../../src/index.ts";
import { launchChromium } from "../chromium.ts";
import { type Board, openBoard } from "../client/board.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { lastingPort } from "../lasting-port.ts";
import { describeWith, services } from "../services.ts";
import { bundle, pageHandler, REACTS } from "./open-page.ts";

/** Milliseconds that a browser has to start or to end. */
const BROWSER_MS = 60_000;

/** What a test of a page has: a browser for the suite; a board and its server, which gives the page, for itself. */
export interface Pages {
  browser: Browser;
  board: Board;
  server: RestwaveServer;
}

/** Defines a suite of pages in Chromium, with each React. Its tests read from `define`'s argument while they run. */
export function describePages(title: string, define: (pages: () => Pages) => void): void {
  describeWith(services.chromium, title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    }, BROWSER_MS);
    afterAll(() => browser.close(), BROWSER_MS);
    describe.each(REACTS)("on React %i", (react) => {
      let script: string;
      let board: Board;
      let server: RestwaveServer;
      beforeAll(async () => {
        script = await bundle("./page/main.ts", react);
      });
      beforeEach(async () => {
        board = await openBoard(sqliteFile);
        server = await board.serve({ http: pageHandler(script), port: await lastingPort() });
      });
      define(() => ({ browser, board, server }));
    });
  });
}
