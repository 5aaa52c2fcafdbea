import type { Connection } from "../consumers/connection.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { CloseCode, isSendableCloseCode } from "../protocol/close-codes.ts";
import type { Scope } from "../protocol/scope.ts";
import type { MessageQueue } from "./message-queue.ts";

/** A connection without a socket: what is sent over it goes to a queue. */
export class RecordedConnection implements Connection {
  readonly scope: Scope;
  readonly settings: ConsumerSettings;
  private readonly queue: MessageQueue;
  private readonly onClose: (code: number) => void;
  private isOpen = true;

  /** `onClose` is called when the consumer closes, with the code that a peer would see. */
  constructor(scope: Scope, settings: ConsumerSettings, queue: MessageQueue, onClose: (code: number) => void) {
    this.scope = scope;
    this.settings = settings;
    this.queue = queue;
    this.onClose = onClose;
  }

  send(text: string): void {
    if (this.isOpen) this.queue.push({ kind: "text", text });
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.isOpen) this.queue.push({ kind: "bytes", bytes: bytes.slice() });
  }

  close(code: number = CloseCode.normal, reason = ""): void {
    if (!this.isOpen) return;
    const sent = isSendableCloseCode(code) ? code : CloseCode.internalError;
    this.isOpen = false;
    this.queue.push({ kind: "close", code: sent, reason });
    this.onClose(sent);
  }

  /** The peer has gone: drops what is sent from now on. */
  end(): void {
    this.isOpen = false;
  }
}
