import { toActionName } from "../protocol/action-name.ts";
import type { Client } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { writeDehydrated } from "./dehydrated-query.ts";
import { LiveQueries } from "./live-queries.ts";
import { Resource } from "./resource.ts";
import { Session } from "./session.ts";

/**
 * Makes a client of a Restwave server.
 *
 * ```ts
 * import type { routes } from "./server/routing.ts";
 *
 * const client = createClient<typeof routes>("wss://example.com/ws/");
 * const open = client.tasks.live({ filters: { done: false }, ordering: "-priority" });
 * await client.tasks.create({ title: "Paint" });
 * ```
 *
 * It connects when something is asked of the server first, and again whenever the connection ends, until `close()`. Behind a route with a
 * `Multiplexer` each stream is a member of the client; behind one with a single consumer the client itself has the actions. Without a type argument
 * every name is allowed.
 *
 * @param url of the route, `ws:` or `wss:`; a function is asked before each connection.
 */
export function createClient<R = unknown>(url: string | (() => string | Promise<string>), options?: ClientOptions): Client<R>;
// What a client is good for is up to the server: only its type knows.
export function createClient(url: string | (() => string | Promise<string>), options: ClientOptions = {}): unknown {
  const session = new Session(url, options);
  const live = new LiveQueries(session, options.gracePeriod ?? 5000, options.hydrate);
  const members = {
    connection: {
      get state() {
        return session.socket.state.value;
      },
      subscribe: (listener: () => void) => session.socket.state.subscribe(listener),
    },
    connect: () => session.start(),
    dehydrate: () => writeDehydrated(live.dehydrated()),
    close: () => session.close(),
  };
  const resourceOf = (stream: string | null): object => actionsOf(new Resource(session, live, options, stream));
  const resources = new Map<string, unknown>();
  const root = resourceOf(null);
  return new Proxy(root, {
    get: (_target, name) => {
      if (typeof name === "symbol" || isAskedOfAll(name)) return Reflect.get(Object.prototype, name);
      if (name in members) return Reflect.get(members, name);
      const known = resources.get(name);
      if (known !== undefined) return known;
      const made = streamOrAction(resourceOf(name), Reflect.get(root, name));
      resources.set(name, made);
      return made;
    },
  });
}

/** A name of the client: called it is an action of the one consumer, else a stream with actions of its own. */
function streamOrAction(stream: object, action: unknown): object {
  if (typeof action !== "function") return stream;
  return new Proxy(action, {
    get: (_target, name) => Reflect.get(stream, name),
  });
}

/** A resource to which every other name is a custom action. */
function actionsOf(resource: Resource): object {
  const made = new Map<string, unknown>();
  return new Proxy(resource, {
    get: (target, name) => {
      if (typeof name === "symbol" || isAskedOfAll(name)) return Reflect.get(Object.prototype, name);
      const known = made.get(name);
      if (known !== undefined) return known;
      const member: unknown = name in Resource.prototype ? Reflect.get(target, name) : undefined;
      const bound: unknown =
        typeof member === "function"
          ? member.bind(target)
          : (input?: Readonly<Record<string, unknown>>, options?: object) => target.call(toActionName(name), input, options);
      made.set(name, bound);
      return bound;
    },
  });
}

/** What JavaScript and its tools ask of any object, as React does of every prop; no name of the server's. */
function isAskedOfAll(name: string): boolean {
  return name === "then" || name === "toJSON" || name in Object.prototype;
}
