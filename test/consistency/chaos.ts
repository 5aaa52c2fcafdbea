import type { LiveReader } from "./live-reader.ts";
import type { Peer } from "./peer.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { ServerProcess } from "./server-process.ts";

/** What goes wrong, and how often: probabilities after each write. */
export interface ChaosPlan {
  readonly cut: number;
  readonly pause: number;
  readonly kill: number;
}

/** Cuts connections, makes slow readers stop and go on, and kills the server. Driven by writes, not by a clock. */
export class Chaos {
  private readonly plan: ChaosPlan;
  private readonly random: SeededRandom;
  private readonly server: ServerProcess;
  private readonly readers: readonly LiveReader[];
  private readonly slow: readonly LiveReader[];
  private readonly peers: readonly Peer[];
  private readonly paused = new Set<LiveReader>();
  private restarting: Promise<void> | null = null;
  cuts = 0;
  pauses = 0;
  kills = 0;

  constructor(
    plan: ChaosPlan,
    random: SeededRandom,
    {
      server,
      readers,
      slow,
      peers,
    }: { server: ServerProcess; readers: readonly LiveReader[]; slow: readonly LiveReader[]; peers: readonly Peer[] },
  ) {
    this.plan = plan;
    this.random = random;
    this.server = server;
    this.readers = readers;
    this.slow = slow;
    this.peers = peers;
  }

  afterWrite(): void {
    const { random, plan } = this;
    if (random.chance(plan.cut)) this.cut(random.chance(0.8) ? this.readers : this.peers);
    if (random.chance(plan.pause)) this.pauseOrResume();
    if (random.chance(plan.kill) && this.restarting === null) this.kill();
  }

  /** Everything works again from here on. */
  async end(): Promise<void> {
    await this.restarting;
    for (const reader of this.paused) reader.resume();
    this.paused.clear();
  }

  private cut(peers: readonly Peer[]): void {
    const peer = peers[this.random.integer(0, peers.length - 1)];
    if (peer === undefined) return;
    this.cuts += 1;
    peer.cut(this.random.chance(0.5));
  }

  private pauseOrResume(): void {
    const reader = this.slow[this.random.integer(0, this.slow.length - 1)];
    if (reader === undefined) return;
    if (this.paused.delete(reader)) return reader.resume();
    this.pauses += 1;
    this.paused.add(reader);
    reader.pause();
  }

  private kill(): void {
    this.kills += 1;
    this.restarting = this.server.restart().finally(() => {
      this.restarting = null;
    });
  }
}
