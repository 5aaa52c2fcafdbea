import type { ChannelMessage } from "./channel-message.ts";

/** Who takes the messages of a channel. */
export interface ChannelReceiver {
  /**
   * Takes one message, which cannot be changed. The next one comes when the promise has settled. A rejection is reported by the layer and
   * concerns nobody else.
   */
  receive(message: ChannelMessage): void | Promise<void>;
  /**
   * Messages to this channel were lost: there was no room for them, or they waited for longer than they keep. Called once until nothing waits any
   * more. Optional: without it the receiver does not mind gaps.
   */
  onOverflow?(): void;
}

/**
 * The port to what carries messages between connections, jobs and processes: channels and groups, as Django Channels has them.
 *
 * A channel is one receiver with a name, a group is a set of channels. An implementation
 * - MUST deliver to one channel in the order in which the messages were sent by one sender, one at a time;
 * - MUST hold at least `capacity` messages (default 100) for a channel whose receiver is busy, and MUST NOT drop one in silence: `send` rejects
 *   with `ChannelFull`, a message to a group is lost for the full member alone, whose `onOverflow` is called;
 * - MUST drop a message that has waited for longer than `expiry` (default 60 s), and call `onOverflow` for it;
 * - MUST NOT let a receiver that fails or is slow hold up a sender or another receiver;
 * - MUST hand out each message as JSON can hold it, and MUST NOT share what a receiver could change;
 * - MAY lose what is sent to a channel that nobody has registered: its connection has ended.
 */
export interface ChannelLayer {
  /**
   * Begins to receive what is sent to the channel. Resolves when nothing that is sent from now on is missed, with a function that ends it: it MUST
   * take the channel out of all its groups at once, MUST NOT start another `receive`, and resolves when a running one has ended.
   *
   * @throws ImproperlyConfigured when the channel has a receiver.
   */
  register(channel: string, receiver: ChannelReceiver): Promise<() => Promise<void>>;
  /** Sends to one channel. @throws ChannelFull; UnserializableError for what JSON cannot hold. */
  send(channel: string, message: ChannelMessage): Promise<void>;
  /**
   * Makes the channel a member of the group; once, however often it is added. A member that is registered stays until it is discarded or ends. One
   * that is not (its process has died) MUST be forgotten `groupExpiry` (default 24 h) after it was last added anywhere.
   */
  groupAdd(group: string, channel: string): Promise<void>;
  /** Ends a membership; does nothing when there is none. A group without members takes no room. */
  groupDiscard(group: string, channel: string): Promise<void>;
  /** Sends to every channel that is a member now. @throws UnserializableError for what JSON cannot hold. */
  groupSend(group: string, message: ChannelMessage): Promise<void>;
}
