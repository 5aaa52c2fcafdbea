import { type Client, createClient } from "restwave/client";
import type {
  ExplainEventInput,
  ExplainRequestInput,
  Explanation,
  ExplorerTicket,
  InspectedServer,
  ListedUser,
} from "../../src/explorer/inspection.ts";
import { Store } from "../state/store.ts";

/** The actions of the inspector's socket. */
const ACTIONS = {
  watch: "watch",
  explainRequest: "explain_request",
  explainEvent: "explain_event",
  users: "users",
  logInAs: "log_in_as",
};

/** What the server says of itself, over a socket of its own. */
export class Inspector {
  readonly client: Client<unknown>;
  /** What is going on; null before the first word. */
  readonly server = new Store<InspectedServer | null>(null);

  constructor() {
    const url = new URL("/explorer/ws/", location.href.replace(/^http/, "ws"));
    this.client = createClient(url.href, { backoff: { initial: 300, max: 3000 } });
    void this.#watch();
  }

  explainRequest(input: ExplainRequestInput): Promise<Explanation> {
    return this.#call(ACTIONS.explainRequest, input);
  }

  explainEvent(input: ExplainEventInput): Promise<Explanation> {
    return this.#call(ACTIONS.explainEvent, input);
  }

  users(search: string, signal: AbortSignal): Promise<readonly ListedUser[]> {
    return this.#call(ACTIONS.users, { search }, signal);
  }

  logInAs(user: ListedUser): Promise<ExplorerTicket> {
    return this.#call(ACTIONS.logInAs, user);
  }

  /** What it answers is what `inspection.ts` says: server and page are of one version. */
  async #call<Answer>(action: string, input: object, signal?: AbortSignal): Promise<Answer> {
    return this.#ask(action, input, signal === undefined ? {} : { signal });
  }

  #ask(action: string, input: object, options: object) {
    return this.client["call"]?.(action, input, options);
  }

  /** Anew on each connection: a stream ends with its own. */
  async #watch(): Promise<void> {
    for (;;) {
      try {
        for await (const server of this.#ask(ACTIONS.watch, {}, { timeout: Infinity })) this.server.set(server);
      } catch {
        this.server.set(null);
        if (this.client.connection.state.status === "closed") return;
      }
      await this.#reopened();
    }
  }

  #reopened(): Promise<void> {
    const { connection } = this.client;
    return new Promise((resolve) => {
      const stop = connection.subscribe(() => {
        if (connection.state.status !== "open" && connection.state.status !== "closed") return;
        stop();
        resolve();
      });
      // It may have ended by itself, over an open connection.
      if (connection.state.status === "open") setTimeout(() => (stop(), resolve()), 1000);
    });
  }
}
