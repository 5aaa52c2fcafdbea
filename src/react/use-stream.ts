import { useCallback, useEffect, useRef, useState } from "react";
import { asError } from "../client/as-error.ts";
import type { CallOptions } from "../client/call-options.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";

/** A call of the client that streams. */
export type StreamCall<Input, Item, Result> = (input: Input, options?: CallOptions) => AsyncGenerator<Item, Result, void>;

/** How a hook of a stream behaves. */
export interface StreamOptions {
  /** False: nothing is asked. Default true. */
  readonly enabled?: boolean;
  /** How many of the last items are held. Default: all. */
  readonly keep?: number;
}

/** What has come of a stream so far. */
interface Streamed<Item, Result> {
  /** `done`: it came to its end, `stopped`: by `stop()`, `failed`: see `error`. */
  readonly status: "idle" | "streaming" | "done" | "stopped" | "failed";
  readonly items: readonly Item[];
  readonly last: Item | undefined;
  /** What it returned at its end. */
  readonly result: Result | undefined;
  readonly error: Error | null;
}

/** A stream of the server, as a component shows it. */
export interface StreamState<Item, Result> extends Streamed<Item, Result> {
  /** Ends it, here and on the server; the items stay. Always the same function. */
  readonly stop: () => void;
  /** Begins it anew, without items. Always the same function. */
  readonly restart: () => void;
}

const IDLE: Streamed<never, never> = { status: "idle", items: [], last: undefined, result: undefined, error: null };

/**
 * Runs a streaming action while the component is there, and shows what has come. It begins anew for another call or input, and is ended with the component.
 *
 * ```ts
 * const { items, last, status, stop } = useStream(client.tasks.countTo, { to: 100 });
 * ```
 *
 * @param call of the client: `client.tasks.countTo`. A function around it has to stay the same one.
 * @param input may be a new object each time.
 */
export function useStream<Input, Item, Result>(
  call: StreamCall<Input, Item, Result>,
  input: NoInfer<Input>,
  { enabled = true, keep = Infinity }: StreamOptions = {},
): StreamState<Item, Result> {
  const [streamed, setStreamed] = useState<Streamed<Item, Result>>(IDLE);
  const [attempt, setAttempt] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    if (!enabled) return;
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    setStreamed({ ...IDLE, status: "streaming" });
    const update: Update<Item, Result> = (change) => {
      if (!signal.aborted) setStreamed((before) => ({ ...before, ...change(before) }));
    };
    // Under StrictMode React ends at once what it has begun first.
    queueMicrotask(() => {
      if (!signal.aborted) void follow(call(input, { signal }), keep, update);
    });
    return () => {
      controller.abort();
      setStreamed(IDLE);
    };
  }, [call, canonicalJson(input), enabled, keep, attempt]);

  const stop = useCallback(() => {
    running.current?.abort();
    setStreamed((before) => (before.status === "streaming" ? { ...before, status: "stopped" } : before));
  }, []);
  const restart = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...streamed, stop, restart };
}

type Update<Item, Result> = (change: (before: Streamed<Item, Result>) => Partial<Streamed<Item, Result>>) => void;

async function follow<Item, Result>(
  stream: AsyncGenerator<Item, Result, void>,
  keep: number,
  update: Update<Item, Result>,
): Promise<void> {
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return update(() => ({ status: "done", result: step.value }));
      const { value } = step;
      update(({ items }) => ({ items: [...items, value].slice(-keep), last: value }));
    }
  } catch (error) {
    update(() => ({ status: "failed", error: asError(error) }));
  }
}
