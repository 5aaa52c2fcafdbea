import type { Connection, ConsumerSession } from "../../src/consumers/connection.ts";
import type { Logger } from "../../src/consumers/logger.ts";

/** Answers each frame with the same frame. */
export class EchoSession implements ConsumerSession {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async websocketConnect(): Promise<void> {}

  websocketReceive(frame: string | Uint8Array): void {
    if (typeof frame === "string") this.connection.send(frame);
    else this.connection.sendBytes(frame);
  }

  async websocketDisconnect(_code: number): Promise<void> {}
}

/** A promise and the means to settle it: lets a test decide when something happens. */
export class Gate<T = void> {
  readonly opened: Promise<T>;
  isOpen = false;
  private resolve: (value: T) => void = () => {};

  constructor() {
    this.opened = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  open(value: T): void {
    this.isOpen = true;
    this.resolve(value);
  }
}

/** Keeps what is logged. */
export class MemoryLogger implements Logger {
  readonly entries: { readonly details: object; readonly message: string }[] = [];

  error(details: object, message: string): void {
    this.entries.push({ details, message });
  }

  warn(details: object, message: string): void {
    this.entries.push({ details, message });
  }

  info(details: object, message: string): void {
    this.entries.push({ details, message });
  }
}
