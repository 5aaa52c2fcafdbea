import { importsOf, type Import, type Sources } from "./sources.ts";

/**
 * Each group of files that import one another in a circle, as one line. Two types of one room may name each other (a model its database,
 * a database its models): that vanishes at run time, so `import type` within a room is left out.
 */
export function importCycles(sources: Sources): string[] {
  const targets = new Map(
    [...sources].map(([path, text]) => [
      path,
      importsOf(path, text)
        .filter((found) => !isTypeWithinRoom(found))
        .map(({ to }) => to)
        .filter((to) => sources.has(to)),
    ]),
  );
  const found = new Map<string, string>();
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const circle = trail.slice(start);
      found.set(circle.toSorted().join(), [...circle, path].join(" -> "));
      return;
    }
    if (finished.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of sources.keys()) walk(path, []);
  return [...found.values()];
}

function isTypeWithinRoom({ from, to, isTypeOnly }: Import): boolean {
  return isTypeOnly && from.split("/", 1)[0] === to.split("/", 1)[0];
}
