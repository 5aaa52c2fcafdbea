import { useCallback, useMemo } from "react";
import type { JsonObject } from "../wire/json.ts";
import { canonical } from "../wire/json.ts";
import { locationStore, replaceSearch } from "../router/location.ts";
import { useStore } from "./use-store.ts";

/** What a list is asked for, as the URL has it. */
export interface TableState {
  readonly filters: JsonObject;
  readonly search: string;
  /** `-title`; empty: as the server orders. */
  readonly ordering: string;
  /** Arguments of the page: `limit`, `offset`, `page`, `page_size`, `cursor`. */
  readonly page: JsonObject;
  /** As the list takes it. */
  readonly args: JsonObject;
  readonly setFilter: (name: string, value: unknown) => void;
  readonly setSearch: (text: string) => void;
  readonly setOrdering: (ordering: string) => void;
  readonly setPage: (page: JsonObject) => void;
  readonly clear: () => void;
}

const PAGE_NAMES = ["limit", "offset", "page", "page_size", "cursor"] as const;
/** With other rows another page is looked at. */
const PLACES = ["offset", "page", "cursor"] as const;

export function useTableState(): TableState {
  const { search: query } = useStore(locationStore);
  const text = query.toString();
  const read = useMemo(() => readState(new URLSearchParams(text)), [text]);
  const change = useCallback((changes: Readonly<Record<string, string | null>>, keepsPlace = false) => {
    const next = new URLSearchParams(locationStore.get().search);
    if (!keepsPlace) for (const name of PLACES) next.delete(name);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    replaceSearch(next);
  }, []);
  return {
    ...read,
    setFilter: (name, value) => change({ [`f.${name}`]: value === undefined ? null : JSON.stringify(value) }),
    setSearch: (value) => change({ search: value }),
    setOrdering: (value) => change({ ordering: value }),
    setPage: (page) =>
      change(
        Object.fromEntries(
          PAGE_NAMES.map((name) => [name, page[name] === undefined || page[name] === null ? null : String(page[name])]),
        ),
        true,
      ),
    clear: () => change({ search: null, ...Object.fromEntries(Object.keys(read.filters).map((name) => [`f.${name}`, null])) }),
  };
}

function readState(query: URLSearchParams): Pick<TableState, "filters" | "search" | "ordering" | "page" | "args"> {
  const filters = Object.fromEntries(
    [...query].filter(([name]) => name.startsWith("f.")).map(([name, value]) => [name.slice(2), parsed(value)]),
  );
  const search = query.get("search") ?? "";
  const ordering = query.get("ordering") ?? "";
  const page = Object.fromEntries(
    PAGE_NAMES.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, name === "cursor" || !/^\d+$/.test(value) ? value : Number(value)]];
    }),
  );
  const args = {
    ...(canonical(filters) === "{}" ? {} : { filters }),
    ...(search === "" ? {} : { search }),
    ...(ordering === "" ? {} : { ordering }),
    ...page,
  };
  return { filters, search, ordering, page, args };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
