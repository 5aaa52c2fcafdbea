import type { CollectionConfig } from "@tanstack/db";
import type { LiveList } from "../client/live-list.ts";
import type { ListArgumentsOf, LiveResource, RowOf } from "./live-resource.ts";
import { syncLiveList } from "./sync-live-list.ts";
import { writeHandlers } from "./write-handlers.ts";

/** What `collection.utils` has. */
export type RestwaveCollectionUtils<Row> = {
  /** The live list behind the collection: its `status` (`stale` while there is no connection), `error`, and `subscribe` to hear when they change. */
  readonly live: LiveList<Row>;
};

/** What `createCollection` takes. */
export interface RestwaveCollectionConfig<Row extends object, Key extends string | number> extends CollectionConfig<
  Row,
  Key,
  never,
  RestwaveCollectionUtils<Row>
> {
  readonly utils: RestwaveCollectionUtils<Row>;
}

/** Which rows a collection holds, and what tells them apart. Options of TanStack DB's own (`id`, `gcTime`, `startSync`, handlers of your own) may be beside them. */
export type RestwaveCollectionOptions<Resource extends LiveResource, Key extends string | number> = GivenOptions<Resource, Key> &
  KeyOfRowsWithoutId<RowOf<Resource>>;

type GivenOptions<Resource extends LiveResource, Key extends string | number> = Omit<
  CollectionConfig<RowOf<Resource>, Key, never, RestwaveCollectionUtils<RowOf<Resource>>>,
  "getKey" | "schema" | "sync" | "syncMode" | "utils"
> & {
  /** A resource of a client, `client.tasks`, that has live lists. */
  readonly resource: Resource;
  /** What to ask of its live list: filters, a search, an ordering, a page. Default: all rows that the user may see. */
  readonly list?: ListArgumentsOf<Resource>;
  /** The primary key of a row. Default: its `id`. */
  readonly getKey?: (row: RowOf<Resource>) => Key;
};

type KeyOfRowsWithoutId<Row> = [IdOf<Row>] extends [never] ? { readonly getKey: (row: Row) => string | number } : unknown;

type IdOf<Row> = Row extends { readonly id: infer Id extends string | number } ? Id : never;

/**
 * Options for a collection of TanStack DB that is kept as a live list of the server, and whose changes are written to the server.
 *
 * ```ts
 * const tasks = createCollection(restwaveCollectionOptions({ resource: client.tasks, list: { filters: { done: false } } }));
 * tasks.update(7, (task) => {
 *   task.title = "Paint";
 * });
 * ```
 *
 * What is inserted, updated and deleted is shown at once, sent with `create`, `patch` and `delete`, and gives way to what the server says when the
 * changes of that write have come; a write that the server refuses is taken back. The key of a new row is the server's, unless its serializer takes
 * that of the client: one of the client's is to be seen until the server's row has come.
 */
export function restwaveCollectionOptions<Resource extends LiveResource, Key extends string | number = IdOf<RowOf<Resource>>>(
  options: RestwaveCollectionOptions<Resource, Key>,
): RestwaveCollectionConfig<RowOf<Resource>, Key>;
export function restwaveCollectionOptions({
  resource,
  list,
  getKey = idOf,
  ...options
}: GivenOptions<LiveResource, string | number>): RestwaveCollectionConfig<object, string | number> {
  const live = resource.live(list);
  return { ...writeHandlers(resource), ...options, getKey, sync: syncLiveList(live, getKey), utils: { live } };
}

function idOf(row: object): string | number {
  const { id } = Object(row);
  if (typeof id === "string" || typeof id === "number") return id;
  throw new TypeError(`Expected rows with an "id"; pass getKey. Got ${JSON.stringify(row)}.`);
}
