import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { consoleLogger, type RestwaveServer, serve } from "../../src/index.ts";
import { handshakeBytes } from "../transports/raw-peer.ts";
import { authenticate, blogOf, STREAMS, tokenOf } from "./blog.ts";
import { ENOUGH_IN_FLIGHT } from "./blog-server.ts";
import { type BlogDatabase, NAMES, openBlogDatabase, passwordOf, SENTINEL } from "./blog-database.ts";
import { APPLICATION_DETAIL, BROKEN_ACTIONS } from "./broken-actions.ts";
import { type Answer, Capture } from "./capture.ts";
import { HOSTILE_NAMES, hostileRequests } from "./hostile.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("what a server lets out", async (on) => {
  const SQL =
    /\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b|json_group_array|json_each|restwave_fold_case|json_agg|jsonb?_build|\$1\b|::(text|int|jsonb)/is;
  const DRIVER =
    /SQLITE_|constraint failed|no such (table|column)|Failed query|blog_post_owner_title_key|blog_post_rating_check|sqlite_master|duplicate key|violates|(relation|column) "|auth_user_\w+key|syntax error|out of range for type|pg_catalog|test_\d+_[0-9a-f]{12}/i;
  const PATHS_AND_STACKS =
    /(^|[\s"\\n])at \S+ \(|\n\s+at |\\n\s+at |node_modules|file:\/\/|\.ts:\d|\.js:\d|\/etc\/blog|\/var\/lib|restwave-test-|postgres:\/\/|:5432/;

  let database: BlogDatabase;
  let server: RestwaveServer;
  let capture: Capture;
  let consoleLines: string[];
  const answers: Answer[] = [];

  beforeAll(async () => {
    database = await openBlogDatabase(on);
    capture = new Capture();
    consoleLines = [];
    const spy = vi.spyOn(console, "error").mockImplementation((line: unknown) => void consoleLines.push(String(line)));
    const logger = {
      error: (details: object, message: string) => {
        capture.error(details, message);
        consoleLogger.error(details, message);
      },
      warn: capture.warn.bind(capture),
      info: capture.info.bind(capture),
    };
    server = await serve({
      routes: blogOf(database),
      port: 0,
      host: "127.0.0.1",
      signals: false,
      drainTimeout: 500,
      authenticate,
      logger,
      maxInFlight: ENOUGH_IN_FLIGHT,
      http: (request) => {
        if (request.url === "/crash") throw new Error(`${APPLICATION_DETAIL} at /etc/blog/pages`);
        return false;
      },
    });
    await goodRun();
    await brokenRun();
    await hostileRun();
    await handshakes();
    await server.close();
    spy.mockRestore();
  }, 30_000);

  afterAll(() => database.close());

  /** Each user does what users do, and gets some of it wrong. */
  async function goodRun(): Promise<void> {
    for (const name of NAMES) {
      const peer = await capture.connect(`${server.url}/ws/all/`, tokenOf(name));
      const id = NAMES.indexOf(name) + 1;
      const password = `${SENTINEL}-new-password-${name}`;
      const requests: [string, object][] = [
        ["users", { action: "list" }],
        ["users", { action: "retrieve", pk: id }],
        ["users", { action: "patch", pk: id, data: { password } }],
        ["users", { action: "patch", pk: id, data: { password: SENTINEL.slice(0, 7) } }],
        ["users", { action: "update", pk: id, data: { username: name, password } }],
        ["users", { action: "create", data: { username: `${name} 2`, password } }],
        ["users", { action: "create", data: { username: name, password, email: "no address" } }],
        ["posts", { action: "list" }],
        ["posts", { action: "create", data: { title: "new", moderation: `${SENTINEL}-moderation` } }],
        ["posts", { action: "create", data: { title: "new", moderation: `${SENTINEL}-moderation` } }],
        ["posts", { action: "create", data: { title: "x".repeat(60), moderation: `${SENTINEL}${"-".repeat(60)}` } }],
        ["posts", { action: "create", data: { title: "rated", rating: -1, moderation: `${SENTINEL}-moderation` } }],
        ["posts", { action: "patch", pk: id * 4, data: { rating: -1 } }],
        ["users", { action: "delete", pk: id }],
        ["flat", { action: "list" }],
        ["feed", { action: "list" }],
        ["stream", { action: "list" }],
      ];
      for (const [stream, frame] of requests) answers.push(await peer.ask(frame, stream));
    }
  }

  async function brokenRun(): Promise<void> {
    const peer = await capture.connect(`${server.url}/ws/broken/`, tokenOf("ann"));
    for (const action of BROKEN_ACTIONS) answers.push(await peer.ask({ action, password: `${SENTINEL}-sent` }));
  }

  async function hostileRun(): Promise<void> {
    const present = { pk: 1, data: { username: "new", password: passwordOf("new"), title: "new", moderation: SENTINEL } };
    for (const [stream, actions] of Object.entries(STREAMS)) {
      const peer = await capture.connect(`${server.url}/ws/${stream}/`, tokenOf("bob"));
      answers.push(...(await peer.askAll(hostileRequests(actions, present))));
      for (const name of HOSTILE_NAMES) {
        answers.push(await peer.ask({ action: "list", filters: { [name]: "x" } }));
        answers.push(await peer.ask({ action: "list", ordering: name }));
        answers.push(await peer.ask({ action: "create", data: { [name]: "x" } }));
        answers.push(await peer.ask({ action: name }));
      }
    }
  }

  async function handshakes(): Promise<void> {
    expect(await capture.refused(`${server.url}/ws/closed/`)).toBe(403);
    expect(await capture.refused(`${server.url}/ws/users/`, `${SENTINEL}-token-of-nobody`)).toBe(401);
    expect(await capture.refused(`${server.url}/ws/users/?token=${SENTINEL}`, `${SENTINEL}-unknown`)).toBe(500);
    expect(await capture.refused(`${server.url}/ws/crashing/`, tokenOf("ann"))).toBe(500);
    expect(await capture.refused(`${server.url}/ws/none/`, tokenOf("ann"))).toBe(404);
    expect(await capture.refused(`${server.url}/ws/%2e%2e/%2e%2e/etc/passwd`)).toBe(404);
    expect(
      await capture.raw(server.port, handshakeBytes(server.port, { Origin: "https://evil.example" }, "/ws/users/")),
    ).toContain(" 403 ");
    expect(await capture.raw(server.port, handshakeBytes(server.port, { "Sec-WebSocket-Key": "short" }, "/ws/users/"))).toContain(
      " 400 ",
    );
    for (const [path, status] of [
      ["/healthz", 200],
      ["/none", 404],
      ["/crash", 500],
      ["/ws/users/", 404],
    ] as const) {
      expect(await capture.raw(server.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toContain(
        ` ${status} `,
      );
    }
  }

  function findings(lines: readonly string[], forbidden: RegExp): string[] {
    return lines.flatMap((line) => {
      const found = forbidden.exec(line);
      return found === null ? [] : [line.slice(Math.max(0, found.index - 150), found.index + 150)];
    });
  }

  describe("in a run of good, failing and hostile requests of several users", () => {
    test("every request was answered", () => {
      expect(answers.length).toBeGreaterThan(2000);
      expect(answers.every(({ response_status: status }) => status >= 200 && status <= 503)).toBe(true);
    });

    test("no hostile request of a resource fails on the server's side", () => {
      const broken = new Set<unknown>(BROKEN_ACTIONS);
      expect(answers.filter((answer) => answer.response_status >= 500 && !broken.has(answer.action))).toEqual([]);
    });

    test("no frame and no HTTP response holds a write-only value, a hash, a hidden column's value or a token", () => {
      expect(findings(capture.outside, new RegExp(SENTINEL))).toEqual([]);
    });

    test("no frame and no HTTP response holds SQL or a driver's text", () => {
      expect(findings(capture.outside, SQL)).toEqual([]);
      expect(findings(capture.outside, DRIVER)).toEqual([]);
    });

    test("no frame and no HTTP response holds a path, a stack or the message of an application's error", () => {
      expect(findings(capture.outside, PATHS_AND_STACKS)).toEqual([]);
      expect(findings(capture.outside, new RegExp(APPLICATION_DETAIL))).toEqual([]);
    });

    test.each([
      ["a custom logger gets", () => capture.log],
      ["the console logger writes", () => consoleLines],
    ])("no line that %s holds a write-only value, a hidden column's value, a token, SQL or a driver's text", (_name, lines) => {
      expect(lines().length).toBeGreaterThan(10);
      for (const forbidden of [new RegExp(SENTINEL), SQL, DRIVER]) expect(findings(lines(), forbidden)).toEqual([]);
    });

    test("the log still has the id that the client was given, the class, the code, the application's message and where it was thrown", () => {
      const ids = answers.flatMap((answer) => /Error id: ([\w-]+)/.exec(JSON.stringify(answer.errors))?.[1] ?? []);
      expect(ids.length).toBeGreaterThanOrEqual(10);
      for (const id of ids) expect(capture.log.filter((line) => line.includes(id))).toHaveLength(1);
      const log = capture.log.join("\n");
      expect(log).toContain(`${APPLICATION_DETAIL} in /etc/blog/config.json`);
      expect(log).toContain(`${APPLICATION_DETAIL} around a cause`);
      expect(log).toContain("database_error");
      expect(log).toContain("integrity_unique");
      expect(log).toContain("broken-actions.ts:");
    });
  });
});
