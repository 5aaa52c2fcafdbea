import type { LiveList } from "../client/live-list.ts";

/** A write that is done when the live lists show it. */
export interface SeenWrite {
  readonly waitForChanges: true;
}

/** What a collection needs of a resource of a client: a live list, and the actions that its users call. */
export interface LiveResource {
  live(args?: object): LiveList<object>;
  create?(data: object, options: SeenWrite): Promise<unknown>;
  patch?(key: string | number, data: object, options: SeenWrite): Promise<unknown>;
  delete?(key: string | number, options: SeenWrite): Promise<unknown>;
}

/** A row of a resource's live list. */
export type RowOf<Resource extends LiveResource> =
  ReturnType<Resource["live"]> extends LiveList<infer Row extends object> ? Row : never;

/** What a resource's live list can be asked for: filters, a search, an ordering, a page. */
export type ListArgumentsOf<Resource extends LiveResource> = NonNullable<Parameters<Resource["live"]>[0]>;
