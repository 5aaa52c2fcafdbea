/** How the bytes of one direction fare, on all connections. */
export interface Passage {
  /** Milliseconds. */
  delay: number;
  isHeld: boolean;
}

interface Waiting<Parcel> {
  readonly parcel: Parcel;
  /** On the clock of `performance.now()`. */
  readonly due: number;
}

/** Gives parcels on in their order: at once, late, or not until they are released. */
export class DelayLine<Parcel> {
  private readonly passage: Readonly<Passage>;
  private readonly deliver: (parcel: Parcel) => void;
  private waiting: Waiting<Parcel>[] = [];
  private lastDue = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(passage: Readonly<Passage>, deliver: (parcel: Parcel) => void) {
    this.passage = passage;
    this.deliver = deliver;
  }

  send(parcel: Parcel): void {
    this.lastDue = Math.max(this.lastDue, performance.now() + this.passage.delay);
    this.waiting.push({ parcel, due: this.lastDue });
    this.move();
  }

  /** Gives on what is due. To be called when the passage has changed. */
  move(): void {
    this.stopTimer();
    for (const { parcel } of this.takeDue()) this.deliver(parcel);
    const [next] = this.waiting;
    if (next === undefined || this.passage.isHeld) return;
    this.timer = setTimeout(() => this.move(), Math.max(1, next.due - performance.now()));
  }

  /** Drops what waits. */
  clear(): void {
    this.stopTimer();
    this.waiting = [];
  }

  private takeDue(): readonly Waiting<Parcel>[] {
    if (this.passage.isHeld) return [];
    const now = performance.now();
    const later = this.waiting.findIndex(({ due }) => due > now);
    return this.waiting.splice(0, later === -1 ? this.waiting.length : later);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
