import type { Directions, Fault, FaultProxy } from "../../src/testing.ts";
import type { ClientReader } from "./client-reader.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Milliseconds that a trouble waits for traffic to hit. */
const PATIENCE = 80;

/** Breaks the network of one client again and again, each time in another way, and mends it. */
export class ClientChaos {
  private readonly reader: ClientReader;
  private readonly random: SeededRandom;
  private readonly calmness: number;
  private readonly troubles: readonly [Trouble, ...Trouble[]];

  /** @param calmness how likely a trouble waits until the client has recovered from the last one. */
  constructor(reader: ClientReader, random: SeededRandom, calmness: number) {
    this.calmness = calmness;
    this.reader = reader;
    this.random = random;
    this.troubles = [
      this.cut,
      this.cut,
      () => this.reader.proxy.end(),
      () => this.order(this.reader.proxy.cutInMessage("toClient", random.integer(1, 8))),
      () => this.order(this.reader.proxy.cutInMessage("toClient", random.integer(1, 8))),
      () => this.order(this.reader.proxy.cutInMessage("toServer", random.integer(1, 8))),
      () => this.order(this.reader.proxy.cutAfterMessages("toClient", random.integer(1, 15))),
      () => this.order(this.reader.proxy.cutAfterBytes("toClient", random.integer(1, 20_000))),
      () => this.order(this.reader.proxy.cutAfterBytes("toServer", random.integer(1, 2000))),
      () => this.order(this.reader.proxy.dropAnswer(/"action":"(create|patch|delete)".*"response_status"/)),
      () => this.order(this.reader.proxy.dropAnswer(/"action":"(subscribe_\w+|settle|list)"/)),
      () => this.order(this.reader.proxy.dropRequest(/"action":"(create|patch|delete|settle|subscribe_\w+)"/)),
      this.hold,
      this.refuse,
      this.blackhole,
    ];
  }

  /** One trouble. Resolves when the client is connected again. */
  async trouble(): Promise<void> {
    const { random, reader } = this;
    // Some come while the client still catches up with what it missed in the last one.
    if (random.chance(this.calmness)) await this.calm();
    if (random.chance(0.1)) this.toggleOne();
    await reader.whenSo(() => reader.isOpen);
    await random.pick(this.troubles)();
    await reader.whenSo(() => reader.isOpen);
  }

  /** Until everything is live, and some more. */
  private async calm(): Promise<void> {
    const { reader, random } = this;
    await reader.whenSo(() => !reader.isOpen || reader.isLive);
    const messages = random.integer(1, 8);
    for (let passed = 0; passed < messages && reader.isOpen; passed += 1)
      await passing(reader.proxy.message("toClient", "", PATIENCE));
  }

  private toggleOne(): void {
    const { watches } = this.reader;
    const watch = watches[this.random.integer(0, watches.length - 1)];
    if (watch !== undefined) this.reader.toggle(watch);
  }

  private readonly cut: Trouble = () => this.reader.proxy.cut();

  private async order(fault: Fault): Promise<void> {
    await passing(fault.happened(PATIENCE));
    if (fault.hasHappened) return;
    fault.cancel();
    this.reader.proxy.cut();
  }

  /** Holds a direction until something more was sent, then cuts, or lets it go on. */
  private readonly hold: Trouble = async () => {
    const { proxy } = this.reader;
    const direction = this.random.pick<Directions>(["toClient", "toServer", "both"]);
    proxy.hold(direction);
    await this.someTraffic(proxy);
    if (this.random.chance(0.5)) proxy.cut();
    proxy.release(direction);
  };

  private readonly refuse: Trouble = async () => {
    const { proxy } = this.reader;
    proxy.refuse();
    proxy.cut();
    await passing(proxy.turnedAway(proxy.refused + this.random.integer(1, 3), PATIENCE));
    proxy.accept();
  };

  /** The client finds out by itself. */
  private readonly blackhole: Trouble = async () => {
    const { proxy, losses } = this.reader;
    proxy.blackhole();
    await this.reader.whenSo(() => !this.reader.isOpen || this.reader.losses > losses);
    proxy.restore();
  };

  private async someTraffic(proxy: FaultProxy): Promise<void> {
    const count = this.random.integer(1, 10);
    for (let seen = 0; seen < count; seen += 1) await passing(proxy.message("toClient", "", PATIENCE));
  }
}

type Trouble = () => void | Promise<void>;

/** Waits for what may never come. */
async function passing(wait: Promise<unknown>): Promise<void> {
  await wait.catch(() => undefined);
}
