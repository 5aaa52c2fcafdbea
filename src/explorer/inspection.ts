import type { Contract } from "../contracts/contract.ts";

/** What the explorer's page asks for first: `GET /explorer/contract.json`. */
export interface ExplorerContract {
  readonly title: string;
  readonly version: string;
  readonly contract: Contract;
  /** Where the HTTP binding is, `"/api/"`; null when it is not served. */
  readonly httpPrefix: string | null;
  /** Can the page be logged in as any user, through `users` and `log_in_as`? */
  readonly logsInAs: boolean;
  /** Does the server take tokens over an open connection (the action `authenticate`)? */
  readonly takesTokens: boolean;
}

/** Who is connected. */
export interface InspectedUser {
  readonly id: string;
  /** A name to show: of the fields `username`, `name`, `email`, else the id. */
  readonly name: string;
}

/** A connection, as the inspector shows it. */
export interface InspectedConnection {
  readonly id: string;
  readonly type: "websocket" | "http";
  /** Without the query, which may hold secrets. */
  readonly path: string;
  /** What the page gave as `explorer_tag` in the query of its own connections; null for those of others. */
  readonly tag: string | null;
  readonly user: InspectedUser | null;
  readonly address: string;
  readonly subprotocol: string | null;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly bufferedBytes: number;
  /** Bytes of events that wait for the reader, and how many events. */
  readonly queuedEventBytes: number;
  readonly queuedEvents: number;
  /** Requests so far, and those that failed with 400 or more. */
  readonly requests: number;
  readonly failures: number;
  readonly eventFrames: number;
  /** 100 at most. */
  readonly subscriptions: readonly InspectedSubscription[];
  /** Subscriptions that there are besides. */
  readonly moreSubscriptions: number;
}

/** A subscription, as the inspector shows it. */
export interface InspectedSubscription {
  /** `live`: of a list, a row or a count; `model_observer` and `observer`: of a field that was made by `modelObserver` or `observer`. */
  readonly kind: "live" | "model_observer" | "observer";
  readonly consumer: string;
  readonly stream: string | null;
  /** The action that subscribed; of observers their name in snake_case. */
  readonly action: string;
  /** As JSON text. */
  readonly requestId: string;
  /** The arguments it was asked with: filters, ordering, limit. None for observers. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Which rows it matches, in words: `user WHERE email CONTAINS "x" ORDER BY -id LIMIT 10`; of observers their groups: `post in group "all"`. */
  readonly matches: string;
  /** The position up to which it was told everything, or null. */
  readonly position: string | null;
  readonly startedAt: number;
}

/** What is going on in the whole process. */
export interface InspectedServer {
  /** The newest 1000 at most, newest first. Those of the inspector itself are left out. */
  readonly connections: readonly InspectedConnection[];
  /** Connections that there are besides. */
  readonly moreConnections: number;

  readonly positions: readonly { readonly database: string; readonly position: string | null; readonly liveQueries: number }[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Which connection is meant, and which consumer on it. */
export interface ExplainedConnection {
  /** The `explorer_tag` of the connection; of several the newest. Give it or `connection`. */
  readonly tag?: string;
  /** The id of an `InspectedConnection`. */
  readonly connection?: string;
  /** The stream of a multiplexed socket; null or left out for a socket of one consumer. */
  readonly stream?: string | null;
}

/** What `explain_request` takes. */
export interface ExplainRequestInput extends ExplainedConnection {
  /** The request as it was sent, without the envelope of a multiplexed socket: `{ action, request_id, ... }`. */
  readonly frame: Readonly<Record<string, unknown>>;
}

/** What `explain_event` takes. */
export interface ExplainEventInput extends ExplainedConnection {
  /** The `request_id` that subscribed, as JSON text: `InspectedSubscription.requestId`. */
  readonly subscription: string;
  /** `InspectedSubscription.action`, where several have the same `request_id`. Default: the first of them. */
  readonly subscribedBy?: string;
  /** Means nothing for an `observer`: signals have no rows. */
  readonly pk: string | number;
  /** Which event was expected. Default: `update` for a row that exists, else `delete`. */
  readonly kind?: "create" | "update" | "delete";
}

/** A user whom the page can be logged in as. */
export interface ListedUser {
  readonly id: string;
  readonly name: string;
}

/** What `log_in_as` answers. */
export interface ExplorerTicket {
  /**
   * For one connection, as `explorer_ticket` in the query of its URL; or for HTTP requests, as the header `x-explorer-ticket`. Ask for a new one
   * for each connection.
   */
  readonly ticket: string;
  /** Milliseconds for which a connection can be opened with it. */
  readonly opensFor: number;
  /** Milliseconds for which HTTP requests can be sent with it. */
  readonly sendsFor: number;
}

/** Why a request was refused, or why an event did not arrive. */
export interface Explanation {
  /** One sentence: the answer. */
  readonly summary: string;
  /** Every rule that was asked, in order. */
  readonly steps: readonly ExplainedStep[];
}

export interface ExplainedStep {
  readonly kind:
    | "connection"
    | "action"
    | "permission"
    | "object_permission"
    | "throttle"
    | "input"
    | "row"
    | "queryset"
    | "filter"
    | "search"
    | "window"
    | "subscription"
    | "change_log";
  /** The class, filter or field: `"IsOwner"`, `"email__icontains"`. */
  readonly name: string;
  /** null: it was not asked, since an earlier one said no, or nobody can tell. */
  readonly passed: boolean | null;
  /** What it said, or looked at. */
  readonly detail: string;
  /** Of `and`, `or` and `not`. */
  readonly operands?: readonly ExplainedStep[];
}
