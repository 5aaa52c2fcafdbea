import { serve, type RestwaveServer, type ServeOptions } from "../../src/index.ts";
import { onCleanup } from "../transports/test-server.ts";
import { authenticate, blogOf, tokenOf } from "./blog.ts";
import { type BlogDatabase, openBlogDatabase } from "./blog-database.ts";
import { Capture, type Peer } from "./capture.ts";

export interface RunningBlog {
  readonly database: BlogDatabase;
  readonly server: RestwaveServer;
  readonly capture: Capture;
  /** A socket of a user at one of the blog's paths. */
  connect(path: string, user: string): Promise<Peer>;
}

/** A blog on a free port, closed after the test. */
export async function startBlog(options: Partial<ServeOptions> = {}): Promise<RunningBlog> {
  const database = await openBlogDatabase();
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
    ...options,
  });
  onCleanup(() => server.close());
  const connect = (path: string, user: string) => capture.connect(`${server.url}/ws/${path}/`, tokenOf(user));
  return { database, server, capture, connect };
}
