type Listener = () => void | Promise<void>;

/** What has to be done once when a connection ends. */
export class EndListeners {
  private waiting: Listener[] | null = [];

  /** `listener` is called at the end, or at once when that is over. */
  add(listener: Listener): void {
    if (this.waiting === null) void listener();
    else this.waiting.push(listener);
  }

  /** Calls every listener, one failing or not. @throws the first failure, when all have been called. */
  async end(): Promise<void> {
    const due = this.waiting ?? [];
    this.waiting = null;
    const ended = await Promise.allSettled(due.map(async (listener) => listener()));
    const failed = ended.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
