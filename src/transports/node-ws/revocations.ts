import { randomUUID } from "node:crypto";
import type { ConsumerSettings } from "../../consumers/settings.ts";
import type { ChannelReceiver } from "../../layers/channel-layer.ts";
import type { ChannelMessage } from "../../layers/channel-message.ts";
import {
  readRevocation,
  type Revocation,
  REVOCATIONS,
  revocationKey,
  type RevokeOptions,
  sendRevocation,
  toRevocation,
  type UserId,
} from "../../layers/revoke-user.ts";
import type { Identity } from "../../protocol/scope.ts";

/** Carries revocations out on the connections of one server. */
export interface RevocationTarget {
  /** `user` null: everybody, since it is not known who was meant. */
  apply(user: string | null, close: boolean): void;
}

/** What one server hears and says of revoked users, over the channel layer. */
export class Revocations implements ChannelReceiver {
  private readonly settings: ConsumerSettings;
  private readonly target: RevocationTarget;
  private readonly channel: string;
  private registration: Promise<() => Promise<void>> | null = null;
  private hasStopped = false;
  /** For each question under way, who was revoked since it was asked; null: anybody. */
  private readonly questions = new Set<Set<string | null>>();

  constructor(settings: ConsumerSettings, target: RevocationTarget) {
    this.settings = settings;
    this.target = target;
    this.channel = `restwave.server.${randomUUID()}`;
  }

  /** Resolves when no revocation is missed from now on. A failure is tried again at the next call. */
  async listen(): Promise<void> {
    if (this.hasStopped) return;
    this.registration ??= this.register();
    await this.registration;
  }

  /** Ends it, also while it is only about to listen. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    const unregister = await this.registration?.catch(() => null);
    await unregister?.();
  }

  /** Carries a revocation out here, at once, and tells the other servers. */
  async revoke(userId: UserId, options: RevokeOptions): Promise<void> {
    const revocation = toRevocation(userId, options, this.channel);
    this.carryOut(revocation.user, revocation.close);
    await sendRevocation(this.settings.channelLayer, revocation);
  }

  /**
   * Asks who somebody is and hands the answer to `accept`. When that user was revoked meanwhile, the answer may be from before: it is asked for
   * again.
   */
  async ask<T>(prove: () => Promise<Identity | null>, accept: (identity: Identity | null) => T): Promise<T> {
    const revoked = new Set<string | null>();
    this.questions.add(revoked);
    try {
      for (;;) {
        const identity = await prove();
        if (!isAmong(revoked, identity)) return accept(identity);
        revoked.clear();
      }
    } finally {
      this.questions.delete(revoked);
    }
  }

  receive(message: ChannelMessage): void {
    const revocation: Revocation | null = readRevocation(message);
    if (revocation !== null && revocation.origin !== this.channel) this.carryOut(revocation.user, revocation.close);
  }

  onOverflow(): void {
    this.carryOut(null, false);
  }

  private carryOut(user: string | null, close: boolean): void {
    for (const revoked of this.questions) revoked.add(user);
    this.target.apply(user, close);
  }

  private async register(): Promise<() => Promise<void>> {
    const { channelLayer } = this.settings;
    try {
      const unregister = await channelLayer.register(this.channel, this);
      await channelLayer.groupAdd(REVOCATIONS, this.channel);
      return unregister;
    } catch (error) {
      this.registration = null;
      throw error;
    }
  }
}

function isAmong(revoked: ReadonlySet<string | null>, identity: Identity | null): boolean {
  const key = revocationKey(identity?.user);
  return key !== null && (revoked.has(key) || revoked.has(null));
}
