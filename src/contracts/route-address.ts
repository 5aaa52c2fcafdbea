/** A route's pattern as descriptions of APIs write it. */
export interface RouteAddress {
  /** `/rooms/{room}/`; null for a regular expression that is no plain path. */
  readonly address: string | null;
  readonly parameters: readonly string[];
  /** A name for it: `rooms_room`. */
  readonly id: string;
}

const CONVERTED = /<(?:\w+:)?(\w+)>/g;
const NAMED_GROUP = /\(\?<(\w+)>(?:[^()[\]]|\[(?:[^\]\\]|\\.)*\])*\)/g;

/** Takes a pattern of `path`, or the source of a `rePath`. */
export function routeAddress(pattern: string): RouteAddress {
  const parameters: string[] = [];
  const named = (_whole: string, name: string): string => {
    parameters.push(name);
    return `{${name}}`;
  };
  const text = pattern.replace(NAMED_GROUP, named).replace(CONVERTED, named);
  const id = text.replace(/\W+/g, "_").replace(/^_+|_+$/g, "") || "root";
  const isPlain = !/[\\^$*+?()[\]|#<>]/.test(text);
  return { address: isPlain ? `/${text}` : null, parameters: isPlain ? parameters : [], id };
}
