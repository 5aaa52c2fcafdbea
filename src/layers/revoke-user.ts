import type { ChannelLayer } from "./channel-layer.ts";
import type { ChannelMessage } from "./channel-message.ts";

/** A user's primary key. */
export type UserId = string | number | bigint;

/** What becomes of the connections of a user whose rights are revoked. */
export interface RevokeOptions {
  /**
   * `true`: they are closed with 4401. `false`: their credentials are asked again; where they are gone the connection is closed with 4401, the others
   * look again at what they may send. Default true.
   */
  readonly close?: boolean;
}

/** A revocation as it travels between servers. */
export interface Revocation {
  /** The user's key as text: `1` and `"1"` are the same user. */
  readonly user: string;
  readonly close: boolean;
  /** Who has carried it out already; empty: nobody. */
  readonly origin: string;
}

/** The group that every server is in. */
export const REVOCATIONS = "restwave.revocations";
const TYPE = "restwave.revoke";

/**
 * Revokes the rights of a user on every connection of every server on the layer. From a job or another process; within a server there is
 * `server.revoke(...)`. Resolves when the servers have been told.
 */
export async function revokeUser(layer: ChannelLayer, userId: UserId, options: RevokeOptions = {}): Promise<void> {
  await sendRevocation(layer, toRevocation(userId, options));
}

export function toRevocation(userId: UserId, { close = true }: RevokeOptions, origin = ""): Revocation {
  return { user: String(userId), close, origin };
}

export async function sendRevocation(layer: ChannelLayer, { user, close, origin }: Revocation): Promise<void> {
  await layer.groupSend(REVOCATIONS, { type: TYPE, user, close, origin });
}

/** Null when the message is something else. */
export function readRevocation({ type, user, close, origin }: ChannelMessage): Revocation | null {
  if (type !== TYPE || typeof user !== "string") return null;
  return { user, close: close !== false, origin: typeof origin === "string" ? origin : "" };
}

/** The key by which a revocation names a user; null: nobody. */
export function revocationKey(user: unknown): string | null {
  if (typeof user !== "object" || user === null || !("id" in user)) return null;
  const { id } = user;
  return typeof id === "string" || typeof id === "number" || typeof id === "bigint" ? String(id) : null;
}
