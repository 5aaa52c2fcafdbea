import type { ClientEventsOf, ClientOf } from "../routing/client-of.ts";
import type { Routes } from "../routing/route.ts";
import type { ConnectionState } from "./connection-state.ts";
import type { ResourceClient, Unreachable, UntypedResource } from "./resource-client.ts";

/** The connection of a client, to look at. */
export interface ConnectionView {
  /** Where it is now; the same object as long as nothing changes. */
  readonly state: ConnectionState;
  /** Calls `listener` after each change. @returns a function that ends it. */
  subscribe(listener: () => void): () => void;
}

/** What every client has besides its resources. A stream of such a name cannot be reached through the client. */
export interface ClientMembers {
  readonly connection: ConnectionView;
  /** Connects now instead of at the first request. */
  connect(): void;
  /**
   * What this client's live queries know now, as JSON: for a page that is rendered on a server. It may stand in a `<script type="application/json">`; the browser's client
   * takes it with `createClient(url, { hydrate })`.
   */
  dehydrate(): string;
  /** Ends the connection for good. What waits for an answer, and every live query, fails with a `ConnectionError`. */
  close(): void;
}

/** A client of what a routing table serves; of anything, where there is no table. */
export type Client<R> = ClientMembers & (R extends Routes ? ResourcesOf<ClientOf<R>, ClientEventsOf<R>> : UntypedResources);

type Call = (...args: never[]) => unknown;

/** Behind a multiplexer each stream is a resource; else there is one. */
type ResourcesOf<Served, Events> = Served[keyof Served] extends Call
  ? Omit<ResourceClient<Served, Events>, keyof ClientMembers>
  : {
      readonly [Stream in Exclude<keyof Served, keyof ClientMembers | Unreachable>]: ResourceClient<
        Served[Stream],
        Stream extends keyof Events ? Events[Stream] : never
      >;
    };

type UntypedResources = UntypedResource & { readonly [stream: string]: UntypedResource };
