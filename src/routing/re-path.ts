import { decodeCaptured } from "./decode-path.ts";
import type { PatternMatch, Route, RouteTarget } from "./route.ts";

/**
 * A route by regular expression, as in Channels: searched for in the path without its leading slash, percent-decoded, query excluded. Write `^`
 * and `$` yourself. Named groups become `scope.pathParams`. With a list of routes as target, they match what follows the expression's match.
 */
export function rePath<Pattern extends RegExp, Target extends RouteTarget>(
  pattern: Pattern,
  target: Target,
): Route<Pattern, Target> {
  // "g" and "y" give an expression a memory of its last match.
  const regex = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return { pattern, target, match: (text) => search(regex, text) };
}

function search(regex: RegExp, text: string): PatternMatch | null {
  const match = regex.exec(text);
  if (match === null) return null;
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries<string | undefined>(match.groups ?? {})) {
    if (value !== undefined) params[name] = decodeCaptured(value);
  }
  return { params, rest: text.slice(match.index + match[0].length) };
}
