import { onTestFinished } from "vitest";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import type { Logger } from "../../src/consumers/logger.ts";
import { type CommunicatorOptions, WebsocketCommunicator } from "../../src/testing.ts";

/** What a consumer wrote to its log. */
export interface LogEntry {
  readonly details: object;
  readonly message: string;
}

/** A connection to a consumer, its log, and one call that sends a frame and waits for the next answer. */
export class TestConnection {
  readonly communicator: WebsocketCommunicator;
  readonly log: LogEntry[] = [];

  constructor(consumer: ConsumerClass, options: CommunicatorOptions = {}) {
    const write = (details: object, message: string) => void this.log.push({ details, message });
    const logger: Logger = { error: write, warn: write, info: write };
    this.communicator = new WebsocketCommunicator(consumer, { ...options, settings: { logger, ...options.settings } });
  }

  /** Sends one frame, as JSON or as the text itself, and gives the next frame that comes. */
  async ask(frame: object | string): Promise<unknown> {
    this.send(frame);
    return this.communicator.receiveJson();
  }

  send(frame: object | string): void {
    if (typeof frame === "string") this.communicator.sendText(frame);
    else this.communicator.sendJson(frame);
  }

  receive(): Promise<unknown> {
    return this.communicator.receiveJson();
  }
}

/** An open connection to the consumer; closed when the test has finished. */
export async function connected(consumer: ConsumerClass, options?: CommunicatorOptions): Promise<TestConnection> {
  const connection = new TestConnection(consumer, options);
  const result = await connection.communicator.connect();
  if (!result.connected) throw result.error;
  onTestFinished(() => connection.communicator.disconnect());
  return connection;
}

/** The five keys of an answer that went well. */
export function success(action: string, requestId: unknown, data: unknown, status = 200): object {
  return { errors: [], data, action, response_status: status, request_id: requestId };
}

/** The five keys of an answer that did not. */
export function failure(action: unknown, requestId: unknown, status: number, ...errors: readonly unknown[]): object {
  return { errors, data: null, action, response_status: status, request_id: requestId };
}
