import { asError } from "../client/as-error.ts";
import { Observable } from "../client/observable.ts";
import { shareStructure } from "../client/share-structure.ts";

/** What is known of an answer. Never changed in place: as long as nothing changes it is the same object. */
export interface ReadSnapshot<T> {
  /** The last answer. */
  readonly data: T | undefined;
  /** Why there is no newer one. */
  readonly error: Error | null;
  /** Is a request under way, or about to be? */
  readonly pending: boolean;
}

/** Milliseconds for which an answer is new: who asks for the same meanwhile gets it too. */
export const FRESH_MS = 5000;

/** One question to the server for all components that ask it, and the last answer. */
export class Read<T> {
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  readonly #onGone: () => void;
  readonly #state = new Observable<ReadSnapshot<T>>({ data: undefined, error: null, pending: true });
  #request: AbortController | null = null;
  #answeredAt = 0;
  #listeners = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onGone called when nobody is interested any more. */
  constructor(ask: (signal: AbortSignal) => Promise<T>, onGone: () => void) {
    this.#ask = ask;
    this.#onGone = onGone;
  }

  readonly getSnapshot = (): ReadSnapshot<T> => this.#state.value;

  /** Calls `listener` after each change; asks, unless there is a new answer. @returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#state.subscribe(listener);
    this.#listeners += 1;
    clearTimeout(this.#timer);
    this.#askIfDue();
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      stop();
      this.#listeners -= 1;
      this.#leaveLater();
    };
  };

  /** Asks again. What is still under way is given up: the last question's answer counts. */
  readonly refetch = (): void => {
    const request = new AbortController();
    this.#request?.abort();
    this.#request = request;
    const { value } = this.#state;
    if (!value.pending) this.#state.set({ ...value, pending: true });
    void this.#run(request);
  };

  /** Resolves with the first answer or error. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#state.value.pending) return;
        stop();
        resolve();
      });
    });
  }

  async #run(request: AbortController): Promise<void> {
    const outcome = await this.#outcomeOf(request.signal);
    if (this.#request !== request) return;
    this.#request = null;
    this.#answeredAt = Date.now();
    this.#state.set({ ...outcome, pending: false });
    if (this.#listeners === 0) this.#leaveLater();
  }

  async #outcomeOf(signal: AbortSignal): Promise<Omit<ReadSnapshot<T>, "pending">> {
    const { data: known } = this.#state.value;
    try {
      return { data: shareStructure(known, await this.#ask(signal)), error: null };
    } catch (error) {
      return { data: known, error: asError(error) };
    }
  }

  #askIfDue(): void {
    if (this.#request !== null) return;
    if (this.#state.value.error !== null || Date.now() - this.#answeredAt >= FRESH_MS) this.refetch();
  }

  /** Later: React may leave and come back at once. An answer that is new waits for who shows it. */
  #leaveLater(): void {
    if (this.#listeners > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#leave(), this.#request === null ? FRESH_MS : 0);
  }

  #leave(): void {
    this.#request?.abort();
    this.#request = null;
    this.#onGone();
  }
}
