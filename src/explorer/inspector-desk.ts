import type { ConsumerSettings } from "../consumers/settings.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../models/database.ts";
import { MethodNotAllowed, NotFound } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { explainEvent } from "./explain-event.ts";
import { explainRequest } from "./explain-request.ts";
import type { ExplorerGate } from "./explorer-gate.ts";
import { type ExplorerTickets, OPENS_FOR, SENDS_FOR } from "./explorer-tickets.ts";
import type { ExplorerUsers } from "./explorer-users.ts";
import { inspectServer } from "./inspect-server.ts";
import type {
  ExplainEventInput,
  ExplainRequestInput,
  Explanation,
  ExplorerTicket,
  InspectedServer,
  ListedUser,
} from "./inspection.ts";

/** What the inspector works with. */
export interface InspectorParts {
  readonly gate: ExplorerGate;
  readonly registry: ConnectionRegistry;
  readonly databases: readonly Database[];
  readonly tickets: ExplorerTickets;
  /** null: the page cannot be logged in as others. */
  readonly users: ExplorerUsers | null;
  readonly trustProxy: boolean;
}

/** Milliseconds between two looks at what has changed. */
const INTERVAL = 500;

/** What the inspector answers, for whoever is connected to it. */
export class InspectorDesk {
  readonly parts: InspectorParts;

  constructor(parts: InspectorParts) {
    this.parts = parts;
  }

  /** What is going on, now and whenever it has changed, until `signal` is aborted. */
  async *watch(settings: ConsumerSettings, signal: AbortSignal): AsyncGenerator<InspectedServer, void, void> {
    const { registry, databases } = this.parts;
    let last = "";
    while (!signal.aborted) {
      const now = inspectServer(registry, databases, settings.clock());
      const text = encodeJson({ ...now, at: 0 });
      if (text !== last) yield now;
      last = text;
      await sleep(INTERVAL, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  explainRequest(input: ExplainRequestInput, settings: ConsumerSettings): Promise<Explanation> {
    return explainRequest(this.parts.registry, input, settings);
  }

  explainEvent(input: ExplainEventInput, settings: ConsumerSettings): Promise<Explanation> {
    return explainEvent(this.parts.registry, input, settings);
  }

  /** @throws MethodNotAllowed (405) without the option `users`. */
  listUsers(search: string): Promise<readonly ListedUser[]> {
    return this.#usersFor("users").list(search);
  }

  /** @throws NotFound for a user that there is not, MethodNotAllowed (405) without the option `users`. */
  async logInAs(listed: ListedUser): Promise<ExplorerTicket> {
    const user = await this.#usersFor("log_in_as").get(listed);
    if (user === null) throw new NotFound("There is no such user.");
    return { ticket: this.parts.tickets.issue(user), opensFor: OPENS_FOR, sendsFor: SENDS_FOR };
  }

  #usersFor(action: string): ExplorerUsers {
    if (this.parts.users !== null) return this.parts.users;
    throw new MethodNotAllowed(action, "Give the explorer the option users to log in as others.");
  }
}
