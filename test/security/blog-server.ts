import { serve, type RestwaveServer, type ServeOptions } from "../../src/index.ts";
import type { TestDatabase } from "../databases/test-database.ts";
import { onCleanup } from "../transports/test-server.ts";
import { authenticate, blogOf, tokenOf } from "./blog.ts";
import { type BlogDatabase, openBlogDatabase } from "./blog-database.ts";
import { Capture, type Peer } from "./capture.ts";

/** A stream is under way until its last page has gone out, which a {@link Peer} that asks for more does not wait for. */
export const ENOUGH_IN_FLIGHT = 10_000;

export interface RunningBlog {
  readonly database: BlogDatabase;
  readonly server: RestwaveServer;
  readonly capture: Capture;
  /** A socket of a user at one of the blog's paths. */
  connect(path: string, user: string): Promise<Peer>;
}

/** A blog on a free port, closed after the test. */
export async function startBlog(on: TestDatabase, options: Partial<ServeOptions> = {}): Promise<RunningBlog> {
  const database = await openBlogDatabase(on);
  const capture = new Capture();
  onCleanup(() => database.close());
  const server = await serve({
    routes: blogOf(database),
    port: 0,
    host: "127.0.0.1",
    signals: false,
    drainTimeout: 500,
    authenticate,
    logger: capture,
    silencedChecks: ["permission_refuses_all"],
    maxInFlight: ENOUGH_IN_FLIGHT,
    ...options,
  });
  onCleanup(() => server.close());
  const connect = (path: string, user: string) => capture.connect(`${server.url}/ws/${path}/`, tokenOf(user));
  return { database, server, capture, connect };
}
