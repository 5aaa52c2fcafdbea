import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NamedTurns } from "../../src/models/idempotency/named-turns.ts";
import { type KeyedRequest, type StoredAnswer, StoredAnswers } from "../../src/models/idempotency/stored-answers.ts";
import { LockTimeout } from "../../src/models/errors.ts";
import { Conflict } from "../../src/protocol/exceptions.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { OpenDatabase } from "../databases/test-database.ts";

const ANSWER: StoredAnswer = { status: 201, data: '{"a":1.50}', rowKeys: "[]" };

describeOnDatabases("stored answers", (on) => {
  let opened: OpenDatabase;
  let answers: StoredAnswers;

  beforeEach(async () => {
    opened = await on.open();
    answers = new StoredAnswers(opened.db);
  });
  afterEach(() => opened.close());

  const request = (id: string, values: Partial<KeyedRequest> = {}): KeyedRequest => ({
    id,
    content: "content",
    now: 1000,
    retention: 1000,
    ...values,
  });
  const answered = () => Promise.resolve(ANSWER);
  const count = async () => {
    const [row] = await opened.db.execute<{ count: unknown }>(sql`SELECT count(*) AS count FROM restwave_idempotency`);
    return Number(row?.count);
  };

  it("the table is made on first use, by several at the same time too", async () => {
    const others = Array.from({ length: 5 }, () => new StoredAnswers(opened.db));
    await Promise.all(others.map((other, index) => other.once(request(`${index}`), answered)));
    expect(await count()).toBe(5);
    await new StoredAnswers(opened.db).ready();
  });

  it("the first time runs the work; later ones give what it answered, to the byte", async () => {
    expect(await answers.once(request("a"), answered)).toEqual({ ...ANSWER, replayed: false });
    const again = await answers.once(request("a"), () => expect.fail("ran twice"));
    expect(again).toEqual({ ...ANSWER, replayed: true });
  });

  it("other content under the same id is a Conflict", async () => {
    await answers.once(request("a"), answered);
    await expect(answers.once(request("a", { content: "other" }), answered)).rejects.toThrow(Conflict);
  });

  it("work that throws stores nothing, and the same id can be used again", async () => {
    const failing = answers.once(request("a"), () => Promise.reject(new Conflict("mine")));
    await expect(failing).rejects.toThrow("mine");
    expect(await count()).toBe(0);
    expect(await answers.once(request("a", { content: "other" }), answered)).toMatchObject({ replayed: false });
  });

  it("two stores, as two processes have them, that get one request at the same time run it once", async () => {
    const stores = Array.from({ length: 4 }, () => new StoredAnswers(opened.db));
    let runs = 0;
    const work = async () => {
      runs += 1;
      await opened.db.execute(sql`SELECT 1`);
      return ANSWER;
    };
    const results = await Promise.all(stores.map((store) => store.once(request("a"), work)));
    expect(runs).toBe(1);
    expect(results.filter((result) => !result.replayed)).toHaveLength(1);
  });

  it("what is out of date is run anew, also before it is pruned", async () => {
    await answers.once(request("a"), answered);
    expect(await answers.once(request("a", { now: 1999 }), answered)).toMatchObject({ replayed: true });
    const renewed = { ...ANSWER, data: '"new"' };
    const later = request("a", { now: 2000, content: "other" });
    expect(await answers.once(later, () => Promise.resolve(renewed))).toMatchObject({ data: '"new"', replayed: false });
    expect(await answers.once(later, answered)).toMatchObject({ data: '"new"', replayed: true });
  });

  it("an answer is kept for ever where the retention is infinite", async () => {
    const forever = request("a", { retention: Infinity });
    await answers.once(forever, answered);
    expect(await answers.once({ ...forever, now: 8e15 }, answered)).toMatchObject({ replayed: true });
  });

  it("pruning removes what is out of date, the oldest first and in steps, and nothing else", async () => {
    for (const [index, now] of [10, 20, 30, 40].entries()) await answers.once(request(`${index}`, { now }), answered);
    expect(await answers.prune(30, 2)).toBe(2);
    expect(await answers.prune(30, 2)).toBe(1);
    expect(await answers.prune(30, 2)).toBe(0);
    expect(await count()).toBe(1);
  });

  it("later requests prune what is out of date without being asked", async () => {
    for (let n = 0; n < 3; n += 1) await answers.once(request(`${n}`), answered);
    await answers.once(request("late", { now: 1_000_000 }), answered);
    await expect.poll(count).toBe(1);
  });
});

describe("named turns", () => {
  it("work of one name runs one after another, also after a failure; other names do not wait; nothing is kept", async () => {
    const turns = new NamedTurns(10_000);
    const log: string[] = [];
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const failing = turns.run("a", async () => {
      log.push("a1");
      await held;
      throw new Conflict("a1");
    });
    const second = turns.run("a", async () => void log.push("a2"));
    await turns.run("b", async () => void log.push("b"));
    expect(log).toEqual(["a1", "b"]);
    letGo();
    await expect(failing).rejects.toThrow("a1");
    await second;
    expect(log).toEqual(["a1", "b", "a2"]);
    expect(turns.size).toBe(0);
  });

  it("who waits too long gets a LockTimeout and is not run; the next one is", async () => {
    const turns = new NamedTurns(1);
    let letGo = (): void => {};
    const first = turns.run("a", () => new Promise<void>((resolve) => (letGo = resolve)));
    await expect(turns.run("a", () => expect.fail("ran"))).rejects.toThrow(LockTimeout);
    letGo();
    await first;
    expect(await turns.run("a", () => Promise.resolve("ran"))).toBe("ran");
    expect(turns.size).toBe(0);
  });
});
