import { RestwaveError } from "../../protocol/exceptions.ts";
import { afterPatience } from "../patience.ts";

/** What a test waited for at a `FaultProxy` did not happen in time, or cannot happen any more because the proxy was closed. */
export class WaitFailed extends RestwaveError {
  constructor(expected: string, found: string, options: { cause?: unknown } = {}) {
    super(`Expected ${expected}, but ${found}.`, { code: "wait_failed", ...options });
  }
}

interface Wait<Event> {
  readonly offer: (event: Event) => void;
  readonly fail: (found: string) => void;
}

/** Those who wait for one of the events to come. */
export class WaitList<Event> {
  private readonly waits = new Set<Wait<Event>>();
  private isClosed = false;

  /** The next event that `matches`. @throws WaitFailed when none comes within `timeoutMs`, or the list is closed. */
  next(matches: (event: Event) => boolean, expected: string, timeoutMs: number): Promise<Event> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(new WaitFailed(expected, "the proxy is closed"));
      const settle = (finish: () => void): void => {
        stopWaiting();
        this.waits.delete(wait);
        finish();
      };
      const fail = (found: string, cause?: unknown): void => settle(() => reject(new WaitFailed(expected, found, { cause })));
      const offer = (event: Event): void => {
        try {
          if (matches(event)) settle(() => resolve(event));
        } catch (error) {
          fail("the function that looks for it failed", error);
        }
      };
      const wait: Wait<Event> = { offer, fail };
      const stopWaiting = afterPatience(timeoutMs, () => fail(`nothing like it came within ${timeoutMs} ms`));
      this.waits.add(wait);
    });
  }

  offer(event: Event): void {
    for (const wait of this.waits) wait.offer(event);
  }

  /** Whoever waits now or later is told that the proxy is closed. */
  close(): void {
    this.isClosed = true;
    for (const wait of this.waits) wait.fail("the proxy was closed");
  }
}
