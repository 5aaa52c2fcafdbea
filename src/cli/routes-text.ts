import type { DevResource } from "../transports/dev-message.ts";

/** Paths, and what is behind them, for people. */
export function routesText(resources: readonly DevResource[]): string {
  const paths = [...new Set(resources.flatMap(({ places }) => places.map(({ path }) => path)))];
  const sections = paths.map((path) => [`/${path}`, ...resources.flatMap((resource) => linesAt(path, resource))].join("\n"));
  return `${sections.join("\n\n")}\n`;
}

function linesAt(path: string, { name, places, actions, permissions }: DevResource): readonly string[] {
  const here = places.filter((place) => place.path === path);
  return here.map(({ stream }) => {
    const title = stream === null ? name : `${name} (stream)`;
    return [
      `  ${title}`,
      `    actions      ${actions.map((action) => action.name).join(", ") || "none that are known"}`,
      `    permissions  ${permissions.join(", ") || "none: everything is allowed"}`,
    ].join("\n");
  });
}
