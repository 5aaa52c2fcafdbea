import type { Duplex } from "node:stream";
import { type APIException, ServiceUnavailable } from "../../protocol/exceptions.ts";

/** One handshake under way: bounded in time, and given up when the client leaves or the server goes away. */
export class Handshake {
  private readonly milliseconds: number;
  private readonly stream: Duplex;
  private reason: APIException | null = null;
  private reject: (reason: APIException) => void = () => {};

  constructor(milliseconds: number, stream: Duplex) {
    this.milliseconds = milliseconds;
    this.stream = stream;
  }

  /** False when nobody waits for the outcome any more. */
  get isWanted(): boolean {
    return this.reason === null;
  }

  assertWanted(): void {
    if (this.reason !== null) throw this.reason;
  }

  abandon(reason: APIException): void {
    this.reason ??= reason;
    this.reject(this.reason);
  }

  /** Gives what the work gives. @throws what the work throws, or the reason why it was given up: the work then goes on unobserved. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const givenUp = new Promise<never>((_resolve, reject) => {
      this.reject = reject;
    });
    const timer = setTimeout(() => this.abandon(new ServiceUnavailable("The handshake took too long.")), this.milliseconds);
    const onClose = (): void => this.abandon(new ServiceUnavailable("The client has gone."));
    this.stream.once("close", onClose);
    try {
      return await Promise.race([work(), givenUp]);
    } finally {
      clearTimeout(timer);
      this.stream.off("close", onClose);
    }
  }
}
