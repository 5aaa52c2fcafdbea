import { createHash, randomBytes } from "node:crypto";
import type { ExplorerUser } from "./explorer-options.ts";

/** Milliseconds for which a connection can be opened with a ticket, once. */
export const OPENS_FOR = 30_000;
/** Milliseconds for which HTTP requests can be sent with it. */
export const SENDS_FOR = 5 * 60_000;
/** Tickets that are valid at once at most; beyond it the oldest are forgotten. */
const MAX_TICKETS = 1000;

interface Ticket {
  readonly user: ExplorerUser;
  readonly issuedAt: number;
  hasOpened: boolean;
}

/** The secrets with which the page is somebody else. They are known to nobody but the page: here only their hashes are kept. */
export class ExplorerTickets {
  /** In the order in which they were given out. */
  readonly #tickets = new Map<string, Ticket>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** A new secret of 256 bits. */
  issue(user: ExplorerUser): string {
    this.#forgetOld();
    const secret = randomBytes(32).toString("base64url");
    this.#tickets.set(hashOf(secret), { user, issuedAt: this.#clock(), hasOpened: false });
    return secret;
  }

  /** For a socket: works once. @returns null for a secret that is unknown, too old, or was used for one. */
  open(secret: string): ExplorerUser | null {
    const ticket = this.#valid(secret, OPENS_FOR);
    if (ticket === null || ticket.hasOpened) return null;
    ticket.hasOpened = true;
    return ticket.user;
  }

  /** For an HTTP request. @returns null for a secret that is unknown or too old. */
  send(secret: string): ExplorerUser | null {
    return this.#valid(secret, SENDS_FOR)?.user ?? null;
  }

  #valid(secret: string, lifetime: number): Ticket | null {
    const ticket = this.#tickets.get(hashOf(secret));
    return ticket !== undefined && this.#clock() - ticket.issuedAt < lifetime ? ticket : null;
  }

  #forgetOld(): void {
    const oldest = this.#clock() - SENDS_FOR;
    for (const [hash, { issuedAt }] of this.#tickets) {
      if (issuedAt > oldest && this.#tickets.size < MAX_TICKETS) return;
      this.#tickets.delete(hash);
    }
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
