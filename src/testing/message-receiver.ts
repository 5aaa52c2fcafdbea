import { parseJson } from "../protocol/json.ts";
import { MessageQueue } from "./message-queue.ts";

/** The receiving half of a test's end of a connection. What comes is queued, so nothing is missed between two waits. Times are in milliseconds. */
export abstract class MessageReceiver {
  protected readonly queue = new MessageQueue();
  private readonly patience: number;

  /** @param patience how long each wait may take where the call does not say. */
  constructor(patience: number) {
    this.patience = patience;
  }

  /** The next message, parsed. @throws UnexpectedMessage when something else comes, or nothing within `timeoutMs`. */
  async receiveJson(timeoutMs = this.patience): Promise<unknown> {
    return parseJson(await this.receiveText(timeoutMs));
  }

  /** The next text message, as it was sent. @throws UnexpectedMessage when something else comes, or nothing within `timeoutMs`. */
  async receiveText(timeoutMs = this.patience): Promise<string> {
    return (await this.queue.take("text", timeoutMs)).text;
  }

  /** The next binary message. @throws UnexpectedMessage when something else comes, or nothing within `timeoutMs`. */
  async receiveBytes(timeoutMs = this.patience): Promise<Uint8Array> {
    return (await this.queue.take("bytes", timeoutMs)).bytes;
  }

  /** Waits and sees that nothing comes for `milliseconds`. @throws UnexpectedMessage when something does. */
  async receiveNothing(milliseconds = 50): Promise<void> {
    await this.queue.takeNothing(milliseconds);
  }

  /**
   * How the other side ended the connection; over a socket, 1006 stands for an end without a close frame.
   *
   * @throws UnexpectedMessage when a message comes, or nothing within `timeoutMs`.
   */
  async receiveClose(timeoutMs = this.patience): Promise<{ code: number; reason: string }> {
    const { code, reason } = await this.queue.take("close", timeoutMs);
    return { code, reason };
  }
}
