import { retrieveRead } from "./reads.ts";
import type { ReadOptions, ReadResult } from "./read-result.ts";
import type { WithRetrieve } from "./with-retrieve.ts";
import { useRead } from "./use-read.ts";

/**
 * Shows a row as it was when it was asked for; else as `useList`.
 *
 * @param lookup its primary key, or its lookup field and value; null and undefined: there is nothing to ask yet.
 */
export function useRetrieve<Lookup, T>(
  resource: WithRetrieve<Lookup, T>,
  lookup: NoInfer<Lookup> | null | undefined,
  { enabled = true, keepPrevious = false }: ReadOptions = {},
): ReadResult<T> {
  const isAsked = enabled && lookup !== null && lookup !== undefined;
  return useRead(isAsked ? retrieveRead<Lookup, T>(resource, lookup) : null, keepPrevious ? resource : undefined);
}
