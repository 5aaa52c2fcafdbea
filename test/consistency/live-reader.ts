import { CountSubscription } from "./count-subscription.ts";
import type { Fenced } from "./fenced.ts";
import { ListSubscription, rowsOf } from "./list-subscription.ts";
import { type Answer, Peer, type PeerOptions } from "./peer.ts";
import type { Row } from "./subscription-log.ts";

export type Subscription = ListSubscription | CountSubscription;

/** A user who watches lists over one connection, and goes on where it stopped when that is cut. */
export class LiveReader extends Peer implements Fenced {
  readonly name: string;
  readonly subscriptions: readonly Subscription[];
  /** What is wrong with the frames themselves. */
  readonly problems: string[] = [];
  private changed: (() => void)[] = [];
  private denied: readonly number[] | null = null;
  private sequence = 0;
  private framesToCut = Infinity;

  constructor(name: string, options: PeerOptions, subscriptions: readonly Subscription[]) {
    super(options);
    this.name = name;
    this.subscriptions = subscriptions;
  }

  get lists(): ListSubscription[] {
    return this.subscriptions.filter((one) => one instanceof ListSubscription);
  }

  get counts(): CountSubscription[] {
    return this.subscriptions.filter((one) => one instanceof CountSubscription);
  }

  /** Resolves at the next frame that changes a subscription, or when the connection ends. */
  whenChanged(): Promise<void> {
    return new Promise((resolve) => this.changed.push(resolve));
  }

  /** Cuts the connection when so many frames with events have come, also in the middle of a transaction. */
  cutAfterEvents(frames: number): void {
    this.framesToCut = frames;
  }

  deny(projects: readonly number[]): void {
    this.denied = projects;
  }

  fence(): void {
    if (this.denied === null) return;
    for (const { entries } of this.lists) entries.push({ kind: "fence", denied: this.denied });
  }

  async echo(): Promise<boolean> {
    return (await this.request({ action: "echo" })) !== null;
  }

  /** The list as this user gets it now; null when the connection was cut meanwhile. */
  async fresh({ args }: ListSubscription): Promise<readonly Row[] | null> {
    const answer = await this.request({ action: "list", ...args });
    return answer?.["response_status"] === 200 ? rowsOf(answer["data"]) : null;
  }

  protected override onOpen(): void {
    this.sequence = 0;
    this.fence();
    for (const index of this.subscriptions.keys()) this.subscribe(index);
  }

  protected override onFrame(frame: NonNullable<Answer>): void {
    const { events } = frame;
    if (Array.isArray(events)) this.takeJoined(frame, events);
    else this.deliver(frame);
    if (typeof frame["action"] === "string" && frame["action"].startsWith("subscribe_")) return this.notify();
    this.framesToCut -= 1;
    if (this.framesToCut <= 0) {
      this.framesToCut = Infinity;
      this.cut(false);
    }
    this.notify();
  }

  protected override onCut(): void {
    this.notify();
  }

  private notify(): void {
    for (const resolve of this.changed.splice(0)) resolve();
  }

  /** All events of one transaction; or none, to say how many such frames there were. */
  private takeJoined({ seq, position }: NonNullable<Answer>, events: readonly unknown[]): void {
    if (events.length > 0) this.sequence += 1;
    if (seq !== this.sequence) this.problems.push(`frame ${String(seq)} came where ${this.sequence} was next`);
    for (const event of events) this.deliver(Object(event));
    if (typeof position === "string") for (const list of this.lists) list.moveOn(position);
  }

  private deliver(frame: NonNullable<Answer>): void {
    const index = Number(String(frame["request_id"]).slice(1));
    if (this.subscriptions[index]?.take(frame) === false) setTimeout(() => this.subscribe(index), 10);
  }

  private subscribe(index: number): void {
    const subscription = this.subscriptions[index];
    if (subscription !== undefined) this.send({ ...subscription.subscribe(), request_id: `s${index}` });
  }
}
