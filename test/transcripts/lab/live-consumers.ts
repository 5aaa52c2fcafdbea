import type { AsyncAPIConsumer } from "../../../src/consumers/async-api-consumer.ts";
import type { Connection, ConsumerClass } from "../../../src/consumers/connection.ts";
import { defaultChannelLayer } from "../../../src/layers/default-channel-layer.ts";
import type { Position } from "../../../src/models/change-log/position.ts";
import { LiveHub } from "../../../src/observers/live-hub.ts";
import { LiveSession } from "../../../src/observers/live-session.ts";
import { SocketEvents } from "../../../src/observers/socket-events.ts";
import { db } from "./database.ts";
import { InstanceConsumer } from "./instance-consumers.ts";

/** The connections of observing consumers that are open. */
const live = new Map<AsyncAPIConsumer, Connection>();
let whenOneEnds: () => void = () => undefined;

/** The same consumer; the lab knows its connections. */
export function tracked(Base: new (connection: Connection) => AsyncAPIConsumer): ConsumerClass {
  return class extends Base {
    override async connect(): Promise<void> {
      await super.connect();
      live.set(this, this.connection);
    }

    override async disconnect(code: number): Promise<void> {
      await super.disconnect(code);
      live.delete(this);
      whenOneEnds();
    }
  };
}

/** Resolves when no more than `count` observing consumers have a connection. */
export async function whenAtMostLive(count: number): Promise<void> {
  while (live.size > count) await new Promise<void>((resolve) => (whenOneEnds = resolve));
}

/** Resolves when everything that was committed so far has been told, and no handler of it runs any more. */
export async function whenEventsAreSent(): Promise<void> {
  if (LiveHub.of(db).size === 0) return;
  const position = await db.changes.position();
  await db.changes.caughtUp(position);
  await Promise.all([...live].map(([consumer, connection]) => whenSlotsAreSent(consumer, connection, position)));
}

/** Resolves when the messages that reached a consumer's inbox so far are handled. */
export async function whenInboxesAreEmpty(): Promise<void> {
  await Promise.all([...live.keys()].map((consumer) => new Promise<void>((done) => consumer.channelInbox.enqueue("lab", done))));
}

/** A last slot, whose turn comes when all before it have left. */
function whenSlotsAreSent(consumer: AsyncAPIConsumer, connection: Connection, position: Position): Promise<void> {
  return new Promise((resolve) => {
    const receiver = {
      consumer,
      hasEnded: false,
      isReplaceable: false,
      wants: () => true,
      frames: () => {
        resolve();
        return [];
      },
      merge: () => null,
      readAgain: async () => null,
    };
    SocketEvents.of(connection).add({ id: Number.NaN, position }, receiver, []);
  });
}

/** How much is kept for subscribers: what is watched, by how many, and what waits for them. */
export function kept(): Readonly<Record<"groups" | "memberships" | "queued", number>> {
  const sessions = [...live.keys()].filter((consumer) => consumer instanceof InstanceConsumer).map(LiveSession.of);
  const subscriptions = sessions.reduce((sum, { size }) => sum + size, 0);
  const queued = [...live.values()].reduce((sum, connection) => sum + SocketEvents.of(connection).queued.bytes, 0);
  return {
    groups: LiveHub.of(db).size + defaultChannelLayer.groupCount,
    memberships: subscriptions + defaultChannelLayer.channelCount,
    queued,
  };
}
