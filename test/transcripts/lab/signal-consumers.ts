import { z } from "zod";
import { action, AsyncAPIConsumer, reply } from "../../../src/index.ts";
import { observer } from "../../../src/observers/observer.ts";
import { Signal } from "../../../src/observers/signal.ts";
import { sortedIds } from "./comment-consumers.ts";

interface Ping {
  readonly level: number | null;
}

interface OfLevel {
  readonly level: number | null;
}

export const ping = new Signal<Ping>();
export const pingPlain = new Signal<object>();

const level = z.object({ level: z.number().nullable().default(null) });

export class SignalConsumer extends AsyncAPIConsumer {
  onPing = observer(ping, {
    groupsForSignal: ({ level: own }) => [`-level-${own}`, "-all"],
    groupsForConsumer: ({ level: wanted }: OfLevel) => [wanted === null ? "-all" : `-level-${wanted}`],
    handle: async (message, { subscribingRequestIds, messageType }) => {
      const ids = sortedIds(subscribingRequestIds);
      const kwargs = ["group", "message_type"];
      await this.sendJson({ h: "on_ping", message, subscribing_request_ids: ids, message_type: messageType, kwargs });
    },
  });
  subscribe = action({ input: level }, async ({ level: wanted }, { requestId }) => {
    await this.onPing.subscribe({ requestId, level: wanted });
    return reply(null, 201);
  });
  unsubscribe = action({ input: level }, async ({ level: wanted }, { requestId }) => {
    await this.onPing.unsubscribe({ requestId, level: wanted });
    return reply(null, 204);
  });

  onPlain = observer(pingPlain, {
    handle: async (message, { subscribingRequestIds, messageType }) => {
      const ids = sortedIds(subscribingRequestIds);
      await this.sendJson({ h: "on_plain", message, subscribing_request_ids: ids, message_type: messageType });
    },
  });
  subscribePlain = action(async (_args, { requestId }) => {
    await this.onPlain.subscribe({ requestId });
    return reply(null, 201);
  });
}

/** Subscribes before it is accepted: no request is needed. */
export class SignalOnAcceptConsumer extends AsyncAPIConsumer {
  onPlain2 = observer(pingPlain, { handle: (message) => this.sendJson(message) });

  override async connect(): Promise<void> {
    await this.onPlain2.subscribe();
  }
}
