import type { ConnectedClient } from "./connected-client.ts";
import type { ConnectionLimits } from "./server-options.ts";

/** Pings every client of a server and drops those that do not answer: one timer for all of them. */
export class Heartbeat {
  private readonly clients: ReadonlySet<ConnectedClient>;
  private readonly limits: ConnectionLimits;
  private timer: NodeJS.Timeout | null = null;

  constructor(clients: ReadonlySet<ConnectedClient>, limits: ConnectionLimits) {
    this.clients = clients;
    this.limits = limits;
  }

  start(): void {
    if (this.limits.heartbeatInterval > 0) this.wait(this.limits.heartbeatInterval, () => this.ping());
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private ping(): void {
    for (const client of this.clients) client.ping();
    // After a pause of the whole process timers run before sockets are read: the pongs that wait must be read first.
    this.wait(this.limits.heartbeatTimeout, () => setImmediate(() => this.check()));
  }

  private check(): void {
    if (this.timer === null) return;
    const { heartbeatInterval, heartbeatTimeout } = this.limits;
    const stalledBefore = performance.now() - heartbeatInterval;
    for (const client of this.clients) client.checkLife(stalledBefore);
    this.wait(heartbeatInterval - heartbeatTimeout, () => this.ping());
  }

  /** One after the other: a ping that came before the check of the last would make everybody look silent. */
  private wait(milliseconds: number, next: () => void): void {
    this.timer = setTimeout(next, milliseconds).unref();
  }
}
