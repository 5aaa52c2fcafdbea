/** What comes to a test from outside, in order, so that nothing is missed between two waits. */
export class Arrivals<T> {
  readonly #waiting: ((arrival: T) => void)[] = [];
  readonly #arrived: T[] = [];

  push(arrival: T): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#arrived.push(arrival);
    else waiter(arrival);
  }

  next(): Promise<T> {
    const arrival = this.#arrived.shift();
    return arrival === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(arrival);
  }

  /** Takes what has come and was not waited for. */
  takeRest(): readonly T[] {
    return this.#arrived.splice(0);
  }
}
