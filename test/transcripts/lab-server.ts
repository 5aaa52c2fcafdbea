import type { Logger } from "../../src/consumers/logger.ts";
import { InMemoryChannelLayer } from "../../src/layers/in-memory-channel-layer.ts";
import type { Identity } from "../../src/consumers/authenticate.ts";
import { serve } from "../../src/index.ts";
import { User } from "./lab/database.ts";
import { grantsOf } from "./lab/model-permissions.ts";
import { routes } from "./lab/routes.ts";

/** Every error of the lab has this id, so that its frame is known beforehand. */
export const ERROR_ID = "lab-error";

/** The recorded application on a real port. */
export interface LabServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string;
  /** What the server logged, newest last. */
  readonly log: readonly LogEntry[];
  close(): Promise<void>;
}

export interface LogEntry {
  readonly details: object;
  readonly message: string;
}

/** Starts the application, the user named by `?user=`. Default: as it was recorded, one message at a time per connection. */
export async function startLabServer({ ordered = true }: { readonly ordered?: boolean } = {}): Promise<LabServer> {
  const log: LogEntry[] = [];
  const write = (details: object, message: string) => void log.push({ details, message });
  const logger: Logger = { error: write, warn: write, info: write };
  const server = await serve({
    routes,
    port: 0,
    host: "127.0.0.1",
    ordered,
    authenticate: identify,
    // The server's own messages are none of the consumers', which are counted.
    channelLayer: new InMemoryChannelLayer(),
    logger,
    ids: () => ERROR_ID,
  });
  return { url: `ws://127.0.0.1:${server.port}`, log, close: () => server.close() };
}

async function identify({ query }: { readonly query: URLSearchParams }): Promise<Identity | null> {
  const username = query.get("user");
  if (username === null) return null;
  const user = await User.objects.filter({ username }).first();
  return user === null ? null : { user: { id: user.id }, session: { grants: grantsOf(username) } };
}
