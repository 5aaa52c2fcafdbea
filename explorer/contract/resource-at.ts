import type { Contract } from "restwave/contracts";
import { parametersOf, pathOf } from "./place-path.ts";

/** The name of the resource behind a path that is connected to; null when there is none. */
export function resourceNameAt({ resources }: Contract, path: string, stream: string | null): string | null {
  const found = resources.find(({ places }) =>
    places.some((place) => place.stream === stream && (pathOf(place, {}) === path || parametersOf(place).length > 0)),
  );
  return found?.name ?? null;
}
