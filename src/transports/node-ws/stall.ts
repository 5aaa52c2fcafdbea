/** The time during which so much output waits for one reader that it is asked for nothing more. */
export class Stall {
  /** When output last left, in milliseconds of `performance.now()`. */
  lastProgress = performance.now();
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  private resolve: () => void = () => {};

  constructor() {
    this.over = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  progress(): void {
    this.lastProgress = performance.now();
  }

  end(): void {
    this.resolve();
  }
}
