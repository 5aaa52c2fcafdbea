import { useCallback, useEffect, useRef, useState } from "react";
import { type Exchange, type ExchangeRequest, runExchange } from "../wire/exchange.ts";
import { announce } from "./announcer.ts";

/** An action that is called by hand, and what came of the last call. */
export interface ExchangeState {
  readonly exchange: Exchange | null;
  readonly isRunning: boolean;
  /** @returns how it ended. */
  readonly run: (request: ExchangeRequest) => Promise<Exchange | null>;
  readonly stop: () => void;
  readonly clear: () => void;
}

export function useExchange(): ExchangeState {
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const running = useRef<AbortController | null>(null);
  // What is left behind goes on without being shown; a stream is ended.
  useEffect(() => () => running.current?.abort(), []);
  const run = useCallback(async (request: ExchangeRequest) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    let last: Exchange | null = null;
    await runExchange(request, controller.signal, (step) => {
      last = step;
      if (running.current === controller) setExchange(step);
    });
    if (running.current === controller) announce(sentenceOf(last));
    return last;
  }, []);
  const stop = useCallback(() => running.current?.abort(), []);
  const clear = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setExchange(null);
  }, []);
  const isRunning = exchange !== null && ["waiting", "sending", "streaming"].includes(exchange.standing);
  return { exchange, isRunning, run, stop, clear };
}

function sentenceOf(exchange: Exchange | null): string {
  if (exchange === null) return "";
  const { request, standing, status, problem } = exchange;
  if (standing === "stopped") return `${request.action} was stopped.`;
  if (problem !== null) return `${request.action} failed: ${problem}`;
  return `${request.action} was answered ${status ?? ""}.`;
}
