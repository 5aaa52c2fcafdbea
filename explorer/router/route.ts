import { BASE } from "./location.ts";

/** The views of the page. */
export type Route =
  | { readonly view: "overview" }
  | { readonly view: "rows"; readonly resource: string }
  | { readonly view: "actions"; readonly resource: string }
  | { readonly view: "action"; readonly resource: string; readonly action: string }
  | { readonly view: "instance"; readonly resource: string; readonly key: string }
  | { readonly view: "events" | "console" | "connections" }
  | { readonly view: "unknown" };

/** The view that a path leads to. */
export function routeOf(path: string): Route {
  const [first = "", name = "", kind = "", key = "", ...more] = path
    .slice(BASE.length)
    .replace(/\/$/, "")
    .split("/")
    .map(decoded);
  if (more.length > 0) return { view: "unknown" };
  if (first === "") return { view: "overview" };
  if (name === "" && (first === "events" || first === "console" || first === "connections")) return { view: first };
  if (first !== "resources" || name === "") return { view: "unknown" };
  if (kind === "") return { view: "rows", resource: name };
  if (kind === "actions")
    return key === "" ? { view: "actions", resource: name } : { view: "action", resource: name, action: key };
  if (kind === "rows" && key !== "") return { view: "instance", resource: name, key };
  return { view: "unknown" };
}

/** The path of a view. */
export function hrefOf(route: Exclude<Route, { readonly view: "unknown" }>): string {
  switch (route.view) {
    case "overview":
      return BASE;
    case "rows":
      return `${BASE}resources/${encodeURIComponent(route.resource)}`;
    case "actions":
      return `${BASE}resources/${encodeURIComponent(route.resource)}/actions`;
    case "action":
      return `${BASE}resources/${encodeURIComponent(route.resource)}/actions/${encodeURIComponent(route.action)}`;
    case "instance":
      return `${BASE}resources/${encodeURIComponent(route.resource)}/rows/${encodeURIComponent(route.key)}`;
    case "events":
    case "console":
    case "connections":
    default:
      return `${BASE}${route.view}`;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
