import { DrizzleQueryError } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { consoleLogger, DatabaseError } from "../../src/index.ts";
import { describeThrown } from "../../src/consumers/describe-thrown.ts";
import { toSafeLogger } from "../../src/consumers/logger.ts";

const SQL = 'insert into "auth_user" ("password") values (?)';
const report = (message: string, members: object): Error => Object.assign(new Error(message), members);

describe("what the log tells of a database driver's error", () => {
  test.each([
    [
      "node:sqlite",
      report("UNIQUE constraint failed: auth_user.secret", {
        code: "ERR_SQLITE_ERROR",
        errcode: 2067,
        errstr: "constraint failed",
      }),
    ],
    ["better-sqlite3", report("UNIQUE constraint failed: auth_user.secret", { code: "SQLITE_CONSTRAINT_UNIQUE" })],
    ["drizzle", new DrizzleQueryError(SQL, ["hunter2\n    at hunter2 (x.ts:1:1)"], new DatabaseError())],
    [
      "pg",
      report('duplicate key value violates unique constraint "auth_user_key"', {
        severity: "ERROR",
        code: "23505",
        detail: "Key (secret)=(hunter2) already exists.",
      }),
    ],
    ["mysql2", report("Duplicate entry 'hunter2' for key", { sqlMessage: "Duplicate entry 'hunter2'", sql: SQL })],
  ])("%s: that there was one and where, but no SQL, no value and none of its words", (_driver, error) => {
    for (const thrown of [error, new Error("saving failed", { cause: error })]) {
      const text = JSON.stringify(describeThrown(thrown));
      expect(text).not.toMatch(/hunter2|insert into|constraint|Duplicate|auth_user|SQLITE/);
      expect(text).toContain("log.test.ts:");
    }
  });

  test("SQLite's result code stays, so that a full disk can be told from a missing table", () => {
    expect(describeThrown(report("database or disk is full", { errcode: 13 }))).toMatchObject({ errcode: 13 });
  });
});

describe("what the log tells of other things that were thrown", () => {
  test("an error has its name, message, code, stack and cause", () => {
    const error = new DatabaseError("the message", { cause: new TypeError("the cause") });
    expect(describeThrown(error)).toEqual({
      name: "DatabaseError",
      message: "the message",
      code: "database_error",
      stack: expect.stringContaining("log.test.ts:"),
      cause: { name: "TypeError", message: "the cause", stack: expect.stringContaining("log.test.ts:") },
    });
  });

  test("members that an error was given are not told", () => {
    expect(JSON.stringify(describeThrown(report("refused", { user: { password: "hunter2" } })))).not.toContain("hunter2");
  });

  test("an object that is no error, a row for instance, is not told", () => {
    expect(JSON.stringify(describeThrown({ id: 1, password: "hunter2" }))).not.toContain("hunter2");
    expect(describeThrown(Object.create(null))).toMatchObject({ name: "Object" });
    expect(describeThrown(undefined)).toEqual({ name: "undefined", message: "undefined" });
    expect(describeThrown("as text")).toEqual({ name: "string", message: "as text" });
  });

  test("causes end, in a circle and in a long line", () => {
    const circle = new Error("circle");
    circle.cause = new Error("inner", { cause: circle });
    expect(describeThrown(circle)).toMatchObject({ message: "circle", cause: { message: "inner" } });
    let line = new Error("0");
    for (let n = 1; n < 100; n += 1) line = new Error(String(n), { cause: line });
    expect(JSON.stringify(describeThrown(line)).match(/"message"/g)).toHaveLength(6);
  });
});

describe("a safe logger", () => {
  test("describes errors wherever they stand among the details, is made once, and takes what JSON cannot hold", () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    const safe = toSafeLogger(consoleLogger);
    expect(toSafeLogger(safe)).toBe(safe);
    safe.warn({ other: new Error("message"), big: 2n ** 64n }, "text");
    expect(JSON.parse(String(lines.mock.calls[0]?.[0]))).toMatchObject({
      level: "warn",
      message: "text",
      other: { message: "message" },
      big: "18446744073709551616",
    });
    const circle: { self?: unknown } = {};
    circle.self = circle;
    safe.error({ circle }, "text");
    expect(lines.mock.calls[1]).toEqual(["The logger failed: TypeError."]);
    lines.mockRestore();
  });
});
