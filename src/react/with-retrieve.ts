import type { CallOptions } from "../client/call-options.ts";

/** A resource that answers `retrieve`. */
export interface WithRetrieve<Lookup, T> {
  retrieve(lookup: Lookup, options?: CallOptions): Promise<T>;
}
