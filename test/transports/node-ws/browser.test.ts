import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AsyncAPIConsumer, BasePermission, PermissionDenied, rePath, type RestwaveServer, serve } from "../../../src/index.ts";
import { launchChromium } from "../../chromium.ts";
import { describeWith, services } from "../../services.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

class Nobody extends BasePermission {
  override canConnect(): boolean {
    return false;
  }
}

class Closed extends AsyncAPIConsumer {
  override permissionClasses = [Nobody];
}

class Refusing extends AsyncAPIConsumer {
  override async connect(): Promise<void> {
    throw new PermissionDenied("not today");
  }
}

class Leaving extends AsyncAPIConsumer {
  override async connect(): Promise<void> {
    await this.close(4123, "bye");
  }
}

describeWith(services.chromium, "a browser", () => {
  let browser: Browser;
  let server: RestwaveServer;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await serve({
      routes: [rePath(/^closed\/$/, Closed), rePath(/^refusing\/$/, Refusing), rePath(/^leaving\/$/, Leaving)],
      port: 0,
      signals: false,
      http: (_request, response) => void response.end("<!doctype html><title>page</title>"),
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** What a page of the server's own origin sees of a socket, until it has closed. */
  async function eventsOf(path: string): Promise<string[]> {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.port}/`);
    const events = await page.evaluate(
      (url) =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          const socket = new WebSocket(url);
          socket.addEventListener("open", () => seen.push("open"));
          socket.addEventListener("close", ({ code, reason }) => resolve([...seen, `close ${code} ${reason}`.trim()]));
        }),
      `ws://localhost:${server.port}${path}`,
    );
    await page.close();
    return events;
  }

  test.each(["/closed/", "/refusing/", "/no-route/"])(
    "1.2 that is refused at %s sees close code 1006 and never an open socket",
    async (path) => {
      expect(await eventsOf(path)).toEqual(["close 1006"]);
    },
  );

  test("that a consumer lets in and closes sees the consumer's own code and reason", async () => {
    expect(await eventsOf("/leaving/")).toEqual(["open", "close 4123 bye"]);
  });
});
