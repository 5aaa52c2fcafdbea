import type { APIException } from "../protocol/exceptions.ts";
import { refusalOf } from "../protocol/refusal.ts";
import { tellInstrumentations, type WatchedSettings } from "./tell-instrumentations.ts";

/** Tells those who watch that a connection was answered with an error instead of being opened. */
export function tellRefusal(settings: WatchedSettings, path: string, error: APIException): void {
  if (settings.instrumentations.length === 0) return;
  const refused = { path, status: error.status, error, refusedBy: refusalOf(error)?.name ?? null, logger: settings.logger };
  tellInstrumentations(settings, (instrumentation) => instrumentation.connectionRefused?.(refused));
}
