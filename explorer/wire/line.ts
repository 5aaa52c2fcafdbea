import { type Client, type ClientOptions, createClient, type UntypedResource } from "restwave/client";
import type { Identity } from "./identity.ts";
import { Tap, type WireLog } from "./tap.ts";
import { tappedWebSocket } from "./tapped-web-socket.ts";

/** The connection of this page to one path of the application. */
export class Line {
  /** `/ws/` */
  readonly path: string;
  /** By this the inspector knows it. */
  readonly tag: string;
  readonly client: Client<unknown>;
  readonly tap: Tap;

  /** @param ticketFor gives a new ticket for each connection as a user. */
  constructor(path: string, identity: Identity, log: WireLog, ticketFor: (identity: Identity) => Promise<string | null>) {
    this.path = path;
    this.tag = `page-${randomText()}`;
    this.tap = new Tap(path, log);
    const options: ClientOptions = { WebSocket: tappedWebSocket(this.tap), backoff: { initial: 300, max: 3000 } };
    const auth = identity.kind === "token" ? { auth: () => identity.token } : {};
    this.client = createClient(async () => this.#url(await ticketFor(identity)), { ...options, ...auth });
  }

  /** What a stream of a multiplexed socket offers; null: the one consumer behind the path. */
  resource(stream: string | null): UntypedResource {
    return stream === null ? this.client : (this.client[stream] ?? this.client);
  }

  /** Connects, and resolves when the connection is open. @throws when it is closed for good, or by the signal. */
  whenOpen(signal: AbortSignal): Promise<void> {
    const { connection } = this.client;
    this.client.connect();
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        const { state } = connection;
        if (state.status === "open") resolve();
        else if (state.status === "closed") reject(new ClosedLine(state.code, state.reason));
        else if (signal.aborted) reject(signal.reason);
        else return false;
        return true;
      };
      if (look()) return;
      const end = (): void => {
        stop();
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        look();
        end();
      };
      const stop = connection.subscribe(() => look() && end());
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  close(): void {
    this.client.close();
  }

  #url(ticket: string | null): string {
    const url = new URL(this.path, location.href.replace(/^http/, "ws"));
    url.searchParams.set("explorer_tag", this.tag);
    if (ticket !== null) url.searchParams.set("explorer_ticket", ticket);
    return url.href;
  }
}

/** The server does not want this page back. */
export class ClosedLine extends Error {
  constructor(code: number, reason: string) {
    super(
      `The server closed the connection with code ${code}${reason === "" ? "" : `: ${reason}`}. Connect again, or log in as somebody else.`,
    );
    this.name = "ClosedLine";
  }
}

function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
