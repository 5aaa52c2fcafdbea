import { execFile, fork, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommittedTransaction } from "../../src/models/change-log/change.ts";
import type { ChangeLogOptions } from "../../src/models/change-log/change-log.ts";
import { openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
import { describeWith, type Service } from "../services.ts";
import { changesOf } from "./change-log/changes-of.ts";
import { turn } from "./change-log/contract.ts";
import { createTables, declareModels } from "./sqlite-tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let database: SqliteDatabase;
let Member: ReturnType<typeof declareModels>["Member"];
let processes: ChildProcess[];

async function open(changeLog: ChangeLogOptions = {}): Promise<void> {
  folder = temporaryFolder();
  processes = [];
  database = await openSqlite(folder.path("shared.db"), { changeLog });
  await createTables(database);
  ({ Member } = declareModels(database));
  await Member.objects.create({ username: "ada" });
  database.changes.observe(Member);
}

afterEach(async () => {
  for (const process of processes) process.kill();
  await database.close();
  folder.remove();
});

/** Starts a process and waits until it can be told to begin. */
async function start(script: string, args: readonly string[], execArgv: readonly string[] = []): Promise<ChildProcess> {
  const process = fork(new URL(script, import.meta.url).pathname, [folder.path("shared.db"), ...args], {
    execArgv: [...execArgv],
  });
  processes.push(process);
  await once(process, "message");
  return process;
}

/** @returns the code with which it exits. */
async function finish(process: ChildProcess): Promise<unknown> {
  if (process.exitCode !== null) return process.exitCode;
  return (await once(process, "exit"))[0];
}

describe("processes that put the log in place at the same time", () => {
  beforeEach(() => open());

  test(
    "beside one that writes in a tight loop make one log, and the log tells what is written after",
    { timeout: 60_000 },
    async () => {
      const [writer, ...observing] = await Promise.all([
        start("writing-process.mjs", ["500"]),
        ...[1, 2, 3].map(() => start("observing-process.mjs", [], ["--import", "tsx"])),
      ]);
      const told = observing.map((process) => once(process, "message"));
      for (const process of [writer, ...observing]) process.send("go");
      const positions = (await Promise.all(told)).map(([text]) => database.changes.parsePosition(text));
      expect(await Promise.all([writer, ...observing].map(finish))).toEqual([0, 0, 0, 0]);
      const { epoch } = await database.changes.position();
      expect(positions.map((position) => position?.epoch)).toEqual([epoch, epoch, epoch]);
      const layouts = await database.execute<{ n: number }>(sql`SELECT count(DISTINCT table_name) AS n FROM restwave_layout`);
      expect(layouts).toEqual([{ n: 4 }]);
      const lost = await database.execute(
        sql`SELECT layout FROM restwave_change WHERE op = 'lost' GROUP BY layout HAVING count(*) > 1`,
      );
      expect(lost).toEqual([]);
      const [transaction] = await changesOf(database, () => Member.objects.filter({ id: 1 }).update({ age: 7 }));
      expect(transaction?.changes).toMatchObject([{ before: { age: 499 }, after: { age: 7 } }]);
    },
  );
});

describe("pruning beside a busy writer of another process", () => {
  beforeEach(() => open({ maxRows: 50, pollInterval: 1 }));

  test("holds up neither, and who listens is told of everything, or that something was lost", { timeout: 60_000 }, async () => {
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    await database.changes.ready();
    const writer = await start("writing-process.mjs", ["2000"]);
    const exited = finish(writer);
    writer.send("go");
    let pruned = 0;
    while (writer.exitCode === null) {
      pruned += await database.changes.prune();
      await turn();
    }
    expect(await exited).toBe(0);
    await database.changes.caughtUp(await database.changes.position());
    pruned += await database.changes.prune();
    expect(pruned).toBe(2000 + 1 - 50);
    const ages = told.flatMap(({ changes }) => changes.map(({ after }) => Number(after?.age)));
    expect(ages).toEqual([...new Set(ages)].toSorted((a, b) => a - b));
    const toldBefore = (index: number): CommittedTransaction | undefined => told[index - 1];
    for (const [index, { changes, lost }] of told.entries()) {
      const isNext = changes[0]?.before?.age === (toldBefore(index)?.changes.at(-1)?.after?.age ?? null);
      expect(lost.length > 0 || isNext || toldBefore(index)?.lost.length === 1).toBe(true);
    }
    const last = told.at(-1);
    expect(last?.lost.length === 1 || last?.changes.at(-1)?.after?.age === 1999).toBe(true);
  });
});

const found = spawnSync("sqlite3", ["--version"], { encoding: "utf8" });
const sqlite3: Service = {
  name: "The sqlite3 command",
  available: found.status === 0,
  reason: found.status === 0 ? `found ${found.stdout.trim()}` : "it is not in PATH",
  how: "install the package sqlite3",
  address: "sqlite3",
};

describeWith(sqlite3, "what the sqlite3 command writes", () => {
  beforeEach(() => open({ pollInterval: 5 }));

  const command = (statements: string) => promisify(execFile)("sqlite3", ["-bail", folder.path("shared.db"), statements]);

  test("is told as what any other writer writes: single statements, transactions, a rollback, REPLACE", async () => {
    await database.changes.ready();
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    const all: CommittedTransaction[] = [];
    for (const statements of [
      "INSERT INTO member (username, age) VALUES ('naïve 日本', 20)",
      "BEGIN; UPDATE member SET age = 21 WHERE id = 2; UPDATE member SET age = 22 WHERE id = 2; COMMIT",
      "BEGIN; UPDATE member SET age = 99; ROLLBACK",
      "REPLACE INTO member (id, username) VALUES (3, 'ada')",
      "DELETE FROM member WHERE id = 2",
    ]) {
      all.push(...(await changesOf(database, () => command(statements))));
      await database.changes.caughtUp(await database.changes.position());
    }
    const changes = all.flatMap((transaction) =>
      transaction.changes.map(({ pk, before, after }) => [pk, before?.age, after?.age]),
    );
    expect(changes).toEqual([
      [2, undefined, 20],
      [2, 20, 22],
      [1, null, undefined],
      [3, undefined, null],
      [2, 22, undefined],
    ]);
    expect(told.flatMap((one) => one.changes)).toEqual(all.flatMap((one) => one.changes));
  });
});
