import { useEffect } from "react";
import type { Place, ResourceContract } from "restwave/contracts";
import { parametersOf, pathOf } from "../contract/place-path.ts";
import { locationStore, replaceSearch } from "../router/location.ts";
import type { Line } from "../wire/line.ts";
import { useLines, useSession } from "./session-context.tsx";
import { useStore } from "./use-store.ts";

/** Where a resource is called. */
export interface ChosenPlace {
  readonly place: Place;
  readonly places: readonly Place[];
  readonly choose: (index: number) => void;
  readonly values: Readonly<Record<string, string>>;
  readonly setValues: (values: Readonly<Record<string, string>>) => void;
  /** null as long as the path lacks values. */
  readonly path: string | null;
}

/** The place that is chosen in the URL (`place`), with the values of its parameters; null for a resource without places. */
export function usePlace(resource: ResourceContract): ChosenPlace | null {
  const session = useSession();
  const { search } = useStore(locationStore);
  const parameters = useStore(session.parameters);
  const { places } = resource;
  const place = places[Number(search.get("place") ?? 0)] ?? places[0];
  if (place === undefined) return null;
  const fromUrl = Object.fromEntries(parametersOf(place).flatMap(({ name }) => valueIn(search, name)));
  const values = { ...parameters[place.path], ...fromUrl };
  const change = (name: string, value: string): void => {
    const { search: now } = locationStore.get();
    const next = new URLSearchParams(now);
    next.set(name, value);
    replaceSearch(next);
  };
  return {
    place,
    places,
    choose: (index) => change("place", String(index)),
    values,
    setValues: (next) => {
      session.parameters.set({ ...session.parameters.get(), [place.path]: next });
      for (const [name, value] of Object.entries(next)) change(`in.${name}`, value);
    },
    path: pathOf(place, values),
  };
}

/** The connection to a place; null as long as its path lacks values. */
export function useLine(chosen: ChosenPlace | null): Line | null {
  const lines = useLines();
  const path = chosen?.path ?? null;
  const line = path === null ? null : lines.at(path);
  // Whoever looks at a resource is about to call it.
  useEffect(() => line?.client.connect(), [line]);
  return line;
}

function valueIn(search: URLSearchParams, name: string): readonly (readonly [string, string])[] {
  const value = search.get(`in.${name}`);
  return value === null ? [] : [[name, value]];
}
