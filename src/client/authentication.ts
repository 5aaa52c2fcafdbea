import { Call } from "./call.ts";
import type { ClientOptions } from "./client-options.ts";
import { ConnectionError } from "./connection-error.ts";
import type { ServerFrame } from "./server-message.ts";

/** Says over the present connection who this is. */
export class Authentication {
  readonly #options: Pick<ClientOptions, "auth" | "timeout">;
  readonly #send: (call: Call) => void;
  #call: Call | null = null;
  #proving: Promise<void> | null = null;

  constructor(options: Pick<ClientOptions, "auth" | "timeout">, send: (call: Call) => void) {
    this.#options = options;
    this.#send = send;
  }

  /** Sends a new token; one at a time. @throws APIError when it is no good, ConnectionError when the connection ends, what `auth` throws. */
  prove(stream: string | null): Promise<void> {
    this.#proving ??= this.#proveOnce(stream).finally(() => {
      this.#proving = null;
    });
    return this.#proving;
  }

  /** @returns whether it was the answer to a token. */
  take(frame: ServerFrame): boolean {
    if (this.#call === null || this.#call.id !== frame.requestId) return false;
    this.#call.take(frame);
    return true;
  }

  /** The connection has ended. */
  lost(): void {
    this.#call?.fail(new ConnectionError("closed", "The connection ended."));
  }

  async #proveOnce(stream: string | null): Promise<void> {
    const { auth, timeout = 30_000 } = this.#options;
    const token = await auth?.();
    const request = { stream, action: "authenticate", args: { token }, isRepeatable: false, timeout, signal: undefined };
    // No other request has the id 0.
    const call = new Call(0, request, { cancel: () => undefined, grant: () => undefined });
    this.#call = call;
    call.sent();
    this.#send(call);
    try {
      await call.answer;
    } finally {
      if (this.#call === call) this.#call = null;
    }
  }
}
