import { inspect, isDeepStrictEqual } from "node:util";
import { parseJson } from "../../protocol/json.ts";

/**
 * Which messages are meant: those whose text contains a string or fits a regular expression, or whose JSON has members that are equal to the
 * given ones (`{ action: "create" }`), or for whose JSON a function says yes. Text that is not JSON is passed over by the latter two.
 */
export type MessageMatcher = string | RegExp | Readonly<Record<string, unknown>> | ((message: unknown) => boolean);

export function matchesMessage(matcher: MessageMatcher, text: string): boolean {
  if (typeof matcher === "string") return text.includes(matcher);
  // `search`, because `test` remembers where it was in an expression with the flag g.
  if (matcher instanceof RegExp) return text.search(matcher) !== -1;
  const message = parsed(text);
  if (message === undefined) return false;
  return typeof matcher === "function" ? matcher(message) : hasMembers(message, matcher);
}

export function describeMatcher(matcher: MessageMatcher): string {
  if (matcher === "") return "any message";
  if (typeof matcher === "string") return `a message with ${JSON.stringify(matcher)}`;
  if (matcher instanceof RegExp) return `a message that fits ${matcher}`;
  return typeof matcher === "function" ? "a message that the function accepts" : `a message with ${inspect(matcher)}`;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function hasMembers(message: unknown, members: Readonly<Record<string, unknown>>): boolean {
  if (typeof message !== "object" || message === null) return false;
  return Object.entries(members).every(([name, value]) => isDeepStrictEqual(Reflect.get(message, name), value));
}
