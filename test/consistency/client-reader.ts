import { WebSocket } from "ws";
import { type Client, createClient, type WebSocketClass } from "../../src/client.ts";
import { FaultProxy } from "../../src/testing.ts";
import { ask } from "./ask.ts";
import { type ClientWatch, differenceOf } from "./client-watch.ts";
import type { Fenced } from "./fenced.ts";
import type { ShownTitles } from "./shown-titles.ts";
import type { SnapshotLog } from "./snapshot-log.ts";
import { within } from "./within.ts";

const options = {
  backoff: { initial: 5, max: 20 },
  heartbeat: { interval: 300, timeout: 700 },
  connectTimeout: 2000,
  timeout: Infinity,
  gracePeriod: 20,
};

/** A user of our own client, behind a network that can be broken. */
export class ClientReader implements Fenced {
  readonly name: string;
  readonly proxy: FaultProxy;
  readonly client: Client<unknown>;
  readonly watches: ClientWatch[] = [];
  /** How often an open connection was lost. */
  losses = 0;
  private readonly stops = new Map<ClientWatch, () => void>();
  private waiting: (() => void)[] = [];
  private denied: readonly number[] | null = null;
  private wasOpen = false;
  /** What the client looks at, or looked at last. */
  private message = "";

  private constructor(name: string, proxy: FaultProxy, user: number) {
    this.name = name;
    this.proxy = proxy;
    const Socket = socketHeardBy((text) => (this.message = text));
    this.client = createClient(`${proxy.url}/tasks/?user=${user}`, { ...options, WebSocket: Socket });
    this.client.connection.subscribe(() => this.connectionChanged());
  }

  static async start(name: string, target: string, user: number): Promise<ClientReader> {
    return new ClientReader(name, await FaultProxy.start({ target }), user);
  }

  get isOpen(): boolean {
    return this.client.connection.state.status === "open";
  }

  /** Does the client take a list that the server has read anew? */
  readonly isReset = (): boolean => this.message.includes('"action":"reset"');

  /** Is everything that is listened to as the server has it? */
  get isLive(): boolean {
    return this.watches.every(({ query: { status } }) => status !== "loading" && status !== "stale");
  }

  get logs(): SnapshotLog[] {
    return this.watches.map(({ log }) => log).filter((log) => log !== null);
  }

  get snapshots(): number {
    return this.logs.reduce((sum, { snapshots }) => sum + snapshots, 0);
  }

  /** Begins to listen. `titles`: where optimistic writes are shown too. */
  watch(watch: ClientWatch, titles?: ShownTitles): void {
    this.watches.push(watch);
    this.listen(watch, titles);
  }

  /** Listens no more, or again: the subscription ends and begins, unless that was within the grace period. */
  toggle(watch: ClientWatch): void {
    const stop = this.stops.get(watch);
    if (stop === undefined) return this.listen(watch);
    this.stops.delete(watch);
    stop();
    watch.log?.lookAway();
  }

  /** Listens to everything again. */
  listenToAll(): void {
    for (const watch of this.watches) if (!this.stops.has(watch)) this.listen(watch);
  }

  /** Resolves at the next snapshot, or when the connection changes. */
  whenChanged(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async whenSo(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.whenChanged();
  }

  deny(projects: readonly number[]): void {
    this.denied = projects;
  }

  fence(): void {
    const { denied } = this;
    if (denied !== null) for (const { log } of this.watches) log?.fence(denied);
  }

  async echo(): Promise<boolean> {
    const lost: unknown = await ask(this.client, "echo").then(
      () => null,
      (error: unknown) => error,
    );
    return lost === null;
  }

  /** Waits until every query shows what a request answers. @returns where that did not come to be within the time. */
  async settle(deadline: number): Promise<string[]> {
    let differences = [`${this.name}: no connection`];
    while (differences.length > 0 && Date.now() < deadline) {
      const change = this.whenChanged();
      differences = (await within(deadline, this.differences())) ?? differences;
      if (differences.length > 0) await within(Math.min(deadline, Date.now() + 500), change);
    }
    return differences;
  }

  close(): Promise<void> {
    for (const stop of this.stops.values()) stop();
    this.client.close();
    return this.proxy.close();
  }

  private async differences(): Promise<string[]> {
    const found = await Promise.all(this.watches.map(differenceOf));
    return found.filter((difference) => difference !== null);
  }

  private listen(watch: ClientWatch, titles?: ShownTitles): void {
    const look = (): void => {
      watch.look();
      titles?.take(watch.query.data);
      this.notify();
    };
    this.stops.set(watch, watch.query.subscribe(look));
    look();
  }

  private connectionChanged(): void {
    const { isOpen } = this;
    if (isOpen && !this.wasOpen) this.fence();
    if (!isOpen && this.wasOpen) this.losses += 1;
    this.wasOpen = isOpen;
    this.notify();
  }

  private notify(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A socket of which each message is told before the client takes it. */
function socketHeardBy(hear: (text: string) => void): WebSocketClass {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.on("message", (data) => hear(String(data)));
    }
  };
}
