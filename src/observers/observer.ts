import type { SentBy } from "../consumers/events-of.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Signal } from "./signal.ts";
import { type ObserverOptions, type ResolvedObserverOptions, SignalObserver } from "./signal-observer.ts";

/**
 * Observes a signal, as a class field of a consumer:
 *
 * ```ts
 * class PingConsumer extends AsyncAPIConsumer {
 *   onPing = observer(ping, {
 *     groupsForSignal: ({ level }) => [`level-${level}`],
 *     groupsForConsumer: ({ level }: { level: number }) => [`level-${level}`],
 *     handle: (message, { subscribingRequestIds }) => this.sendJson({ message, subscribingRequestIds }),
 *   });
 *
 *   subscribe = action({ input: z.object({ level: z.number() }) }, async ({ level }, { requestId }) => {
 *     await this.onPing.subscribe({ level, requestId });
 *     return reply(null, 201);
 *   });
 * }
 * ```
 *
 * Each event is judged by the consumer's `hasPermission`, with the observer's name in snake_case as action: what is refused is not delivered. A
 * handler that throws is logged, and the connection goes on.
 *
 * @throws ImproperlyConfigured when only one of `groupsForSignal` and `groupsForConsumer` is given.
 */
export function observer<Message, Body = Message, Args extends object = object, Handled extends void | Promise<void> = never>(
  signal: Signal<Message>,
  options: ObserverOptions<Message, Body, Args, Handled> = {},
): SignalObserver<Message, Body, Args, SentBy<Handled, Body>> {
  const { groupsForSignal, groupsForConsumer } = options;
  if ((groupsForSignal === undefined) !== (groupsForConsumer === undefined)) {
    throw new ImproperlyConfigured(
      "observer(signal, { ... }): expected groupsForSignal and groupsForConsumer together, got one of them: no event would ever arrive.",
    );
  }
  return new SignalObserver(signal, resolve(options));
}

function resolve<Message, Body, Args extends object>(
  options: ObserverOptions<Message, Body, Args>,
): ResolvedObserverOptions<Message, Body, Args> {
  return {
    groupsForSignal: options.groupsForSignal ?? oneGroup,
    groupsForConsumer: options.groupsForConsumer ?? oneGroup,
    // Without a serializer the body is the message itself, which is what `Body` is then.
    serialize: options.serialize ?? (unchanged as (message: Message) => Body),
    handle: options.handle,
  };
}

function oneGroup(): readonly string[] {
  return ["all"];
}

function unchanged<T>(value: T): T {
  return value;
}
