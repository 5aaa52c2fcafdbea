import { type Client, createClient } from "../../../src/client.ts";
import type { Board } from "../../client/board.ts";

export type BoardClient = Client<Board["routes"]>;

declare module "../../../src/react.ts" {
  interface Register {
    client: BoardClient;
  }
}

/** Milliseconds. Short, so that a test sees the end of a subscription. */
export const GRACE = 100;

/** A client of the server that the page came from. */
export function connect(): BoardClient {
  return createClient<Board["routes"]>(`ws://${location.host}/ws/`, { gracePeriod: GRACE, backoff: { initial: 20, max: 20 } });
}
