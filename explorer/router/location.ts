import { Store } from "../state/store.ts";

export const BASE = "/explorer/";

/** Where the page is. */
export interface Location {
  readonly path: string;
  readonly search: URLSearchParams;
}

/** The place in the browser's history, as it changes. */
export const locationStore = new Store<Location>(read());

addEventListener("popstate", () => locationStore.set(read()));

/** Goes to another view of this page. */
export function navigate(href: string): void {
  history.pushState(null, "", href);
  locationStore.set(read());
}

/** Changes the query of the present view; going back leaves the view. */
export function replaceSearch(search: URLSearchParams): void {
  const text = search.toString();
  history.replaceState(null, "", `${location.pathname}${text === "" ? "" : `?${text}`}`);
  locationStore.set(read());
}

function read(): Location {
  return { path: location.pathname, search: new URLSearchParams(location.search) };
}
