import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import type { Scene } from "./page/main.ts";

const HTML =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><main></main><script type="module" src="/page.js"></script>';

/** How long to wait for what a page does. */
export const PATIENCE = { timeout: 15_000 };

/** The versions of React that the hooks are for: the newest, and the oldest of `peerDependencies`. */
export const REACTS = [19, 18] as const;

/** The test page's script, with React as it is in development. */
export async function bundle(file: string, react: (typeof REACTS)[number] = 19): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"development"' },
    alias: react === 18 ? { react: "react-18", "react-dom": "react-dom-18" } : {},
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** What a server answers: the page, and its script. */
export function pageHandler(script: string, html: () => string = () => HTML) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : html());
  };
}

/** A page of the browser, and what went over its sockets. */
export interface OpenPage {
  readonly page: Page;
  /** What React and the browser complained of. */
  readonly problems: readonly string[];
  /** The actions of the requests that it has sent. */
  readonly sent: readonly string[];
  /** The actions of the requests whose last answer has come. */
  readonly answered: readonly string[];
  /** The requests themselves. */
  readonly frames: readonly Readonly<Record<string, unknown>>[];
  /** Resolves when an element's text is this. */
  reads(id: string, text: string): Promise<void>;
  click(id: string): Promise<void>;
}

export interface PageOptions {
  /** Without `StrictMode`. */
  readonly plain?: boolean;
}

/** Opens a scene of the page that a server serves; it is closed after the test. */
export async function openPage(
  browser: Browser,
  url: string,
  scene: Scene | "",
  { plain = false }: PageOptions = {},
): Promise<OpenPage> {
  const page = await browser.newPage();
  onTestFinished(() => page.context().close());
  const problems: string[] = [];
  const sent: string[] = [];
  const answered: string[] = [];
  const frames: Record<string, unknown>[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload: text }) => {
      const { payload } = JSON.parse(String(text));
      frames.push(payload);
      sent.push(payload.action);
    });
    socket.on("framereceived", ({ payload: text }) => {
      const { payload } = JSON.parse(String(text));
      if (payload !== undefined && payload.response_status !== 206) answered.push(payload.action);
    });
  });
  await page.goto(`${url.replace("ws:", "http:")}/#${scene}${plain ? ",plain" : ""}`);
  return {
    page,
    problems,
    sent,
    answered,
    frames,
    reads: (id, text) => page.locator(`#${id}`, { hasText: new RegExp(`^${escaped(text)}$`) }).waitFor({ state: "attached" }),
    click: (id) => page.locator(`#${id}`).click(),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
