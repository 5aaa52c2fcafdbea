import type { ActionContract } from "../../src/contracts/contract.ts";

/** A request as a user has put it together. */
export interface SnippetRequest {
  /** Of the server: `http://localhost:8000`. */
  readonly origin: string;
  /** Of the socket, parameters filled in: `/ws/`. */
  readonly path: string;
  /** Of a multiplexed socket, else null. */
  readonly stream: string | null;
  readonly resource: string;
  readonly action: ActionContract;
  /** The arguments: `{ pk: 3, data: { name: "x" } }`. */
  readonly args: Readonly<Record<string, unknown>>;
  /** `/api/`, or null where there is no HTTP binding. */
  readonly httpPrefix: string | null;
  /** The path of the resource's list below the prefix, parameters filled in. Default `/{resource}/`; of a route with parameters `/rooms/3/messages/`. */
  readonly httpBase?: string | undefined;
}

/** The same request in one language. */
export interface Snippet {
  readonly id: string;
  readonly label: string;
  /** For highlighting: `typescript`, `shell`, `python`. */
  readonly language: string;
  readonly code: string;
}
