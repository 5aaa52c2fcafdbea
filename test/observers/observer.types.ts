// Compiled by the type check, never run: each line is a promise to a caller.
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { observer } from "../../src/observers/observer.ts";
import { Signal } from "../../src/observers/signal.ts";

interface Ping {
  readonly level: number;
}

const ping = new Signal<Ping>();

export class PingConsumer extends AsyncAPIConsumer {
  whole = observer(ping, {
    handle: async (message) => {
      const level: number = message.level;
      // @ts-expect-error the signal has no such key
      await this.sendJson([level, message.text]);
    },
  });

  serialized = observer(ping, {
    groupsForSignal: ({ level }) => [`level-${level}`],
    groupsForConsumer: ({ level }: { readonly level: number }) => [`level-${level}`],
    serialize: async ({ level }) => ({ text: String(level) }),
    handle: async (message, { subscribingRequestIds, signal }) => {
      const text: string = message.text;
      await signal.send({ level: subscribingRequestIds.length });
      // @ts-expect-error the serializer has taken it away
      await this.sendJson([text, message.level]);
    },
  });

  async subscribeAll(): Promise<void> {
    await this.whole.subscribe();
    await this.whole.subscribe({ requestId: 1 });
    await this.serialized.subscribe({ level: 1, requestId: "a" });
    await this.serialized.unsubscribe();
    // @ts-expect-error its groups need a level
    await this.serialized.subscribe();
    // @ts-expect-error a level is a number
    await this.serialized.subscribe({ level: "1" });
  }
}

// @ts-expect-error a level is a number
await ping.send({ level: "1" });
