const MIN_PAUSE = 1000;
const MAX_PAUSE = 60_000;

/** Prunes now and then, in the background, while the log is in use. */
export class Pruning {
  readonly #prune: () => Promise<unknown>;
  readonly #pause: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param maxAge milliseconds that entries are kept. */
  constructor(prune: () => Promise<unknown>, maxAge: number) {
    this.#prune = prune;
    this.#pause = Math.min(MAX_PAUSE, Math.max(MIN_PAUSE, maxAge / 10));
  }

  start(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#run(), this.#pause).unref();
  }

  /** Resolves when a round under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** A round that fails is made good by the next one. */
  #run(): void {
    this.#running = this.#prune().then(
      () => this.#next(),
      () => this.#next(),
    );
  }

  #next(): void {
    this.#timer = undefined;
    this.start();
  }
}
