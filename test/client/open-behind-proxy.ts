import { onTestFinished } from "vitest";
import { FaultProxy } from "../../src/testing.ts";
import type { TestDatabase } from "../databases/test-database.ts";
import { type Board, openBoard } from "./board.ts";

/** A client that is soon back. */
export const quick = { backoff: { initial: 20, max: 100 } };

/** A served board behind a proxy that fails when it is told to. Both end with the test. */
export async function openBehindProxy(on: TestDatabase): Promise<{ readonly board: Board; readonly proxy: FaultProxy }> {
  const board = await openBoard(on);
  const server = await board.serve();
  const proxy = await FaultProxy.start({ target: server.url });
  onTestFinished(() => proxy.close());
  return { board, proxy };
}
