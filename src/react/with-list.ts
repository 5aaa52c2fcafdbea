import type { CallOptions } from "../client/call-options.ts";

/** A resource that answers `list` at once; one that streams its pages does not. */
export interface WithList<Args, Content> {
  list(args?: Args, options?: CallOptions): Promise<Content>;
}
