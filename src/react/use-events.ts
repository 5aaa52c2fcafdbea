import { useCallback, useEffect, useRef, useState } from "react";
import { asError } from "../client/as-error.ts";
import type { EventItem, Events } from "../client/events.ts";

/** Where a subscription to events stands. `idle`: there is none; `failed`: it has ended, see `error`. */
export interface EventsState {
  readonly status: "idle" | "subscribing" | "subscribed" | "failed";
  readonly error: Error | null;
  /** Subscribes again after `"failed"`. Always the same function. */
  readonly retry: () => void;
}

type Standing = Pick<EventsState, "status" | "error">;

const SUBSCRIBING: Standing = { status: "subscribing", error: null };

/**
 * Hears of the server's events while the component is there. Made from the same names and equal arguments they are the same events, so they can be made
 * while rendering.
 *
 * ```ts
 * const { error } = useEvents(client.tasks.events("watch", {}, { unsubscribe: "unwatch" }), (item) => {
 *   if (item.kind === "event") toast(item.data.title);
 *   else if (item.kind === "missed") refetch();
 * });
 * ```
 *
 * @param events null and undefined: there is nothing to hear of yet.
 * @param listener that of the last render is called; it may be a new one each time.
 */
export function useEvents<Event, Answer>(
  events: Events<Event, Answer> | null | undefined,
  listener: (item: EventItem<Event, Answer>) => void,
): EventsState {
  const [standing, setStanding] = useState(SUBSCRIBING);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    if (events === null || events === undefined) return;
    const listen = (item: EventItem<Event, Answer>): void => {
      if (item.kind === "subscribed") setStanding({ status: "subscribed", error: null });
      latest.current(item);
    };
    const fail = (error: unknown): void => setStanding({ status: "failed", error: asError(error) });
    const stop = soon(() => events.subscribe(listen, fail));
    return () => {
      stop();
      setStanding(SUBSCRIBING);
    };
  }, [events?.source, events?.key, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return events === null || events === undefined ? { status: "idle", error: null, retry } : { ...standing, retry };
}

/** Begins in a moment: under `StrictMode` React ends at once what it has begun first. @returns a function that ends it. */
function soon(begin: () => () => void): () => void {
  let end: (() => void) | null = null;
  let isOver = false;
  queueMicrotask(() => {
    if (!isOver) end = begin();
  });
  return () => {
    isOver = true;
    end?.();
  };
}
