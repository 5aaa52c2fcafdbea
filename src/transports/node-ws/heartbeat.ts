import type { ConnectedClient } from "./connected-client.ts";
import type { ConnectionLimits } from "./server-options.ts";

/** Pings every client of a server and drops those that do not answer: two timers for all of them. */
export class Heartbeat {
  private readonly clients: ReadonlySet<ConnectedClient>;
  private readonly limits: ConnectionLimits;
  private pings: NodeJS.Timeout | null = null;
  private check: NodeJS.Timeout | null = null;

  constructor(clients: ReadonlySet<ConnectedClient>, limits: ConnectionLimits) {
    this.clients = clients;
    this.limits = limits;
  }

  start(): void {
    if (this.limits.heartbeatInterval === 0) return;
    this.pings = setInterval(() => this.beat(), this.limits.heartbeatInterval).unref();
  }

  stop(): void {
    if (this.pings !== null) clearInterval(this.pings);
    if (this.check !== null) clearTimeout(this.check);
  }

  private beat(): void {
    for (const client of this.clients) client.ping();
    this.check = setTimeout(() => this.dropTheSilent(), this.limits.heartbeatTimeout).unref();
  }

  private dropTheSilent(): void {
    const stalledBefore = performance.now() - this.limits.heartbeatInterval;
    for (const client of this.clients) client.checkLife(stalledBefore);
  }
}
