import { EventEmitter } from "node:events";
import type { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { PostgresLogWatch } from "../../../src/models/adapters/postgres/postgres-log-watch.ts";

/** A connection on which every look after transactions that are under way is answered by hand. */
class Connection extends EventEmitter {
  readonly looks: ((running: string) => void)[] = [];

  query(statement: unknown): Promise<unknown> {
    if (typeof statement === "string") return Promise.resolve();
    return new Promise((resolve) => this.looks.push((running) => resolve({ rows: [[`5:9:${running}`]] })));
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

test("a transaction that ended between the reading that a NOTIFY led to and the look after it is news", async () => {
  const connection = new Connection();
  let news = 0;
  const watch = new PostgresLogWatch({
    channel: "log",
    connect: () => Promise.resolve(connection as unknown as Client),
    onConnected: () => Promise.resolve(),
    onNews: () => {
      news += 1;
    },
    pollInterval: 3_600_000,
  });
  onTestFinished(() => watch.end());
  await expect.poll(() => connection.looks).toHaveLength(1);
  connection.looks[0]?.("");
  await expect.poll(() => news).toBe(2);
  connection.emit("notification");
  expect(news).toBe(3);
  await expect.poll(() => connection.looks).toHaveLength(2);
  connection.looks[1]?.("7");
  await expect.poll(() => news).toBe(4);
  await expect.poll(() => connection.looks).toHaveLength(3);
  connection.looks[2]?.("7");
  await expect.poll(() => connection.looks).toHaveLength(4);
  expect(news).toBe(4);
  connection.looks[3]?.("");
  await expect.poll(() => news).toBe(5);
});
