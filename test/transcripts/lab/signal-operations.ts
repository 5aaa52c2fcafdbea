import type { Signal } from "../../../src/observers/signal.ts";
import { whenInboxesAreEmpty } from "./live-consumers.ts";
import type { Operation } from "./row-operations.ts";
import { ping, pingPlain } from "./signal-consumers.ts";

export const signalOperations: Readonly<Record<string, Operation>> = {
  ping: ({ level }) => tell(ping, { level: typeof level === "number" ? level : null }),
  ping_plain: () => tell(pingPlain, {}),
};

const GROUP = "everybody";
const everybody = (): readonly string[] => [GROUP];

/** Sends it, and waits until the handlers of all consumers have run. */
async function tell<Message>(signal: Signal<Message>, message: Message): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const witness = {
      receive: () => signal.leave(everybody, GROUP, witness).then(resolve, reject),
      onOverflow: reject,
      onError: reject,
    };
    signal
      .join(everybody, GROUP, witness)
      .then(() => signal.send(message), reject)
      .catch(reject);
  });
  await whenInboxesAreEmpty();
}
