import type { Connection } from "../consumers/connection.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { CloseCode, isSendableCloseCode } from "../protocol/close-codes.ts";
import type { Identity, Scope } from "../protocol/scope.ts";
import type { MessageQueue } from "./message-queue.ts";

/** Who hears of what a consumer does with its connection. */
export interface RecordedConnectionEvents {
  /** The consumer closed it, with the code that a peer would see. */
  readonly close: (code: number) => void;
  /** Somebody else is connected now. */
  readonly identified: () => Promise<void>;
}

/** A connection without a socket: what is sent over it goes to a queue. */
export class RecordedConnection implements Connection {
  readonly scope: Scope;
  readonly settings: ConsumerSettings;
  private readonly queue: MessageQueue;
  private readonly onClose: (code: number) => void;
  private readonly onIdentified: () => Promise<void>;
  private isOpen = true;

  constructor(scope: Scope, settings: ConsumerSettings, queue: MessageQueue, on: RecordedConnectionEvents) {
    this.scope = scope;
    this.settings = settings;
    this.queue = queue;
    this.onClose = on.close;
    this.onIdentified = on.identified;
  }

  send(text: string): void {
    if (this.isOpen) this.queue.push({ kind: "text", text });
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.isOpen) this.queue.push({ kind: "bytes", bytes: bytes.slice() });
  }

  async identify(prove: () => Promise<Identity | null>): Promise<boolean> {
    const identity = await prove();
    if (identity === null) return false;
    this.scope.user = identity.user;
    this.scope.session = identity.session ?? null;
    await this.onIdentified();
    return true;
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
