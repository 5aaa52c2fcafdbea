/** How a dead network is noticed, in milliseconds. */
export interface HeartbeatOptions {
  /** Silence after which the server is asked for a sign of life. Default 20000. */
  readonly interval?: number;
  /** How long that may take; then the connection is given up and made anew. Default 10000. */
  readonly timeout?: number;
}

/** Watches over the silence of one connection. */
export class Heartbeat {
  readonly #interval: number;
  readonly #timeout: number;
  readonly #ask: () => void;
  readonly #giveUp: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  #askedAt = 0;
  /** Was a sign of life asked for, and none came since? */
  #isAwaited = false;

  constructor({ interval = 20_000, timeout = 10_000 }: HeartbeatOptions, ask: () => void, giveUp: () => void) {
    this.#interval = interval;
    this.#timeout = timeout;
    this.#ask = ask;
    this.#giveUp = giveUp;
  }

  start(): void {
    this.heard();
    this.#wait(this.#interval);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = Date.now();
    this.#isAwaited = false;
  }

  /** Asks at once: the page was asleep, and nobody knows for how long. */
  check(): void {
    this.stop();
    this.#askedAt = Date.now();
    this.#isAwaited = true;
    this.#ask();
    this.#wait(this.#timeout);
  }

  #wait(milliseconds: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.#look(), milliseconds);
  }

  #look(): void {
    const now = Date.now();
    if (this.#isAwaited && now - this.#askedAt >= this.#timeout) return this.#giveUp();
    if (this.#isAwaited) return this.#wait(this.#askedAt + this.#timeout - now);
    const silence = now - this.#heardAt;
    if (silence >= this.#interval) return this.check();
    this.#wait(this.#interval - silence);
  }
}
