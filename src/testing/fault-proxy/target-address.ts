import { ImproperlyConfigured } from "../../protocol/exceptions.ts";

/** The parts of a WebSocket server's address. */
export interface TargetAddress {
  readonly host: string;
  readonly port: number;
  /** Path and query, or nothing. */
  readonly path: string;
}

/** @throws ImproperlyConfigured when it is no ws:// URL. */
export function readTarget(target: string): TargetAddress {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url?.protocol !== "ws:") {
    throw new ImproperlyConfigured(
      `Expected a URL that begins with ws:// as the target of a fault proxy, got ${JSON.stringify(target)}. It cannot look into wss://.`,
    );
  }
  const [, path = ""] = /^ws:\/\/[^/?#]*([^#]*)/i.exec(target) ?? [];
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port === "" ? 80 : url.port), path };
}
