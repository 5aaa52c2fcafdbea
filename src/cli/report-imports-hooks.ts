import type { MessagePort } from "node:worker_threads";

/** For Node.js without hooks in the application's own thread: tells `report-imports` what is loaded. */
export const reportImportsHooks = { initialize, load };

let reports: MessagePort | null = null;

export function initialize({ port }: { readonly port: MessagePort }): void {
  reports = port;
}

export function load<T>(url: string, context: object, nextLoad: (url: string, context: object) => T): T {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of threads, not of windows
  reports?.postMessage(url);
  return nextLoad(url, context);
}
