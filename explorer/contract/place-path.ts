import type { Place } from "restwave/contracts";

const CONVERTED = /<(?:(\w+):)?(\w+)>/g;
const NAMED_GROUP = /\(\?<(\w+)>(?:[^()[\]]|\[(?:[^\]\\]|\\.)*\])*\)/g;

/** A parameter of a path, `<int:room>`. */
export interface PathParameter {
  readonly name: string;
  readonly type: string;
}

/** The parameters of a route's pattern, in order. */
export function parametersOf({ path }: Place): readonly PathParameter[] {
  const named = [...path.matchAll(NAMED_GROUP)].map(([, name = ""]) => ({ name, type: "str" }));
  const converted = [...path.matchAll(CONVERTED)].filter(([whole]) => !path.includes(`(?${whole}`));
  return [...named, ...converted.map(([, type = "str", name = ""]) => ({ name, type }))];
}

/** The path to connect to; null as long as a parameter has no value. */
export function pathOf(place: Place, values: Readonly<Record<string, string>>): string | null {
  const isMissing = parametersOf(place).some(({ name }) => (values[name] ?? "") === "");
  if (isMissing) return null;
  const valueOf = (name: string): string => encodeURIComponent(values[name] ?? "");
  const filled = place.path
    .replace(NAMED_GROUP, (_whole, name: string) => valueOf(name))
    .replace(CONVERTED, (_whole, _type: string, name: string) => valueOf(name));
  return `/${filled.replace(/^\^?\/?/, "").replace(/\$$/, "")}`;
}
