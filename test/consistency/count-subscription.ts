type Frame = Readonly<Record<string, unknown>>;

/** One `subscribe_count` of a reader. */
export class CountSubscription {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  count = Number.NaN;
  events = 0;
  private position: string | null = null;
  private isAnswered = false;

  /** @param args what `list` is asked with. */
  constructor(name: string, args: Readonly<Record<string, unknown>>) {
    this.name = name;
    this.args = args;
  }

  subscribe(): Frame {
    this.isAnswered = false;
    const since = this.position === null ? {} : { since: this.position };
    return { action: "subscribe_count", ...this.args, ...since };
  }

  get isLive(): boolean {
    return this.isAnswered;
  }

  take(frame: Frame): boolean {
    if (frame["action"] === "subscribe_count") {
      if (frame["response_status"] !== 201) return false;
      this.isAnswered = true;
    } else this.events += 1;
    const count: unknown = Reflect.get(Object(frame["data"]), "count");
    if (typeof count === "number") this.count = count;
    if (typeof frame["position"] === "string") this.position = frame["position"];
    return true;
  }
}
