import { AsyncLocalStorage } from "node:async_hooks";
import type { ActionContext } from "./action-context.ts";

const running = new AsyncLocalStorage<ActionContext>();

/** Runs `work` as part of an action: what it calls, and what that awaits, knows which action it serves. */
export function withinAction<T>(context: ActionContext, work: () => T): T {
  return running.run(context, work);
}

/** The action that this code serves, or undefined outside of one. */
export function runningAction(): ActionContext | undefined {
  return running.getStore();
}

/** The name by which the client called the action that this code serves; empty outside of one. Nothing that a client sends can change it. */
export function runningActionName(): string {
  return running.getStore()?.action ?? "";
}
