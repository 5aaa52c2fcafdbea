import * as nodeModule from "node:module";
import { MessageChannel } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { DEV_CHANNEL } from "../transports/dev-message.ts";
import { readableError } from "./readable-error.ts";

/**
 * Runs in the process that `restwave dev` starts, before the application: tells of each file that is imported, ends the server when `restwave dev`
 * has gone, and prints what nobody has caught in few lines.
 */
export function reportImports(): void {
  const report = (url: string): void => {
    if (url.startsWith("file:")) tell({ type: "imported", file: fileURLToPath(url.replace(/[?#].*$/, "")) });
  };
  watchLoads(report);
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // Listening to that would keep a process alive that has nothing left to do.
  process.channel?.unref();
  process.on("uncaughtException", printAndEnd);
}

/** As told to `restwave dev`, beside what the server tells it. */
export type ReportMessage = { readonly type: "imported"; readonly file: string };

function tell(message: ReportMessage): void {
  if (process.connected) process.send?.({ [DEV_CHANNEL]: message });
}

type Load = (url: string, context: unknown, nextLoad: (url: string, context: unknown) => unknown) => unknown;

/** Hooks in this thread where Node has them, which see `require` too; else in the thread of the loader. */
function watchLoads(report: (url: string) => void): void {
  const registerHooks: unknown = Reflect.get(nodeModule, "registerHooks");
  if (typeof registerHooks === "function") {
    const load: Load = (url, context, nextLoad) => {
      report(url);
      return nextLoad(url, context);
    };
    registerHooks({ load });
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.on("message", (url: unknown) => report(String(url)));
  port1.unref();
  const hooks = import.meta.url.replace(/report-imports(\.[jt]s)$/, "report-imports-hooks$1");
  nodeModule.register(hooks, { data: { port: port2 }, transferList: [port2] });
}

/** Where the application listens to that itself, it decides. */
function printAndEnd(error: unknown): void {
  if (process.listenerCount("uncaughtException") > 1) return;
  process.stderr.write(`\n${readableError(error)}\n`, () => process.exit(1));
}

reportImports();
