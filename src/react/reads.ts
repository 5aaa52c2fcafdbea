import type { CallOptions } from "../client/call-options.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import type { WithList } from "./with-list.ts";
import type { WithRetrieve } from "./with-retrieve.ts";
import { Read } from "./read.ts";

const known = new WeakMap<object, Map<string, Read<unknown>>>();

/** The one reading of a list by these arguments. */
export function listRead<Args, Content>(resource: WithList<Args, Content>, args: Args | undefined): Read<Content> {
  return readOf(resource, `list ${canonicalJson(args)}`, (options) => resource.list(args, options));
}

/** The one reading of a row. */
export function retrieveRead<Lookup, T>(resource: WithRetrieve<Lookup, T>, lookup: Lookup): Read<T> {
  return readOf(resource, `retrieve ${canonicalJson(lookup)}`, (options) => resource.retrieve(lookup, options));
}

function readOf<T>(resource: object, question: string, ask: (options: CallOptions) => Promise<T>): Read<T> {
  const ofResource = known.get(resource) ?? new Map<string, Read<unknown>>();
  known.set(resource, ofResource);
  const found = ofResource.get(question);
  // The same question to the same resource has answers of the same type.
  if (found !== undefined) return found as Read<T>;
  const made: Read<T> = new Read(
    (signal) => ask({ signal }),
    () => {
      if (ofResource.get(question) === made) ofResource.delete(question);
    },
  );
  ofResource.set(question, made);
  return made;
}
