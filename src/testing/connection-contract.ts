import assert from "node:assert/strict";
import type { Connection } from "../consumers/connection.ts";

/** A connection under test and its far end. */
export interface ConnectedPair {
  readonly connection: Connection;
  /** The next text frame that arrives at the far end. */
  readonly receiveText: () => Promise<string>;
  /** How the connection ended at the far end. Rejects when a frame comes first. */
  readonly receiveClose: () => Promise<{ readonly code: number }>;
  /** Makes the far end go away; resolves when the near end knows. */
  readonly leave: () => Promise<void>;
}

/** One rule that every implementation of a port keeps. */
export interface ContractRule {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/**
 * What every implementation of the connection port keeps, as tests for any runner:
 *
 * ```ts
 * for (const { title, run } of connectionContract(openPair)) test(title, run);
 * ```
 *
 * `open` gives a fresh pair for each rule.
 */
export function connectionContract(open: () => Promise<ConnectedPair>): readonly ContractRule[] {
  const rule = (title: string, check: (pair: ConnectedPair) => Promise<void>): ContractRule => ({
    title,
    run: async () => check(await open()),
  });
  return [
    rule("frames arrive in the order of the calls, whatever their length and script", arriveInOrder),
    rule("what was sent before close arrives before the end, and calls after it are ignored", closeIsLast),
    rule("close without a code sends 1000", async ({ connection, receiveClose }) => {
      connection.close();
      assert.equal((await receiveClose()).code, 1000);
    }),
    rule("a code that RFC 6455 forbids to send is replaced by 1011", async ({ connection, receiveClose }) => {
      connection.close(1005);
      assert.equal((await receiveClose()).code, 1011);
    }),
    rule("no member throws because the peer has gone", async ({ connection, leave }) => {
      await leave();
      connection.send("{}");
      connection.close(4000, "nobody sees this");
      await connection.whenWritable?.();
    }),
  ];
}

async function arriveInOrder({ connection, receiveText }: ConnectedPair): Promise<void> {
  const texts = ["1", '"é"', '"\u{1F30A}"', `"${"x".repeat(200)}"`, `"${"é".repeat(70_000)}"`, "6"];
  for (const text of texts) connection.send(text);
  for (const text of texts) assert.equal(await receiveText(), text);
}

async function closeIsLast({ connection, receiveText, receiveClose }: ConnectedPair): Promise<void> {
  connection.send("1");
  connection.close(4001, "enough");
  connection.send("2");
  connection.close(4002);
  assert.equal(await receiveText(), "1");
  assert.equal((await receiveClose()).code, 4001);
}
