import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { type PathConverter, pathConverters } from "./path-converters.ts";
import type { PatternMatch, Route, RouteTarget } from "./route.ts";

/**
 * A route by Django's path syntax: `path("rooms/<int:pk>/", RoomConsumer)`, `path("<slug>/", ...)`, or a prefix with routes of its own:
 * `path("api/", [path("users/", UserConsumer)])`. Converters: `str` (the default), `int`, `slug`, `uuid`, `path`. Written without the leading slash.
 *
 * @throws ImproperlyConfigured when a converter is unknown, or a parameter is malformed or named twice.
 */
export function path<const Pattern extends string, Target extends RouteTarget>(
  pattern: Pattern,
  target: Target,
): Route<Pattern, Target> {
  const { source, captures } = compile(pattern);
  const regex = new RegExp(Array.isArray(target) ? `^${source}` : `^${source}$`, "s");
  return { pattern, target, match: (text) => matchCaptures(regex, captures, text) };
}

interface Capture {
  readonly name: string;
  readonly converter: PathConverter;
}

const PARAMETER = /<(?:(\w+):)?([A-Za-z_]\w*)>/g;

function compile(pattern: string): { source: string; captures: readonly Capture[] } {
  const captures: Capture[] = [];
  let source = "";
  let end = 0;
  for (const parameter of pattern.matchAll(PARAMETER)) {
    const capture = toCapture(pattern, parameter[1] ?? "str", parameter[2] ?? "");
    if (captures.some(({ name }) => name === capture.name))
      throw refuse(pattern, `each parameter name once, got "${capture.name}" twice`);
    captures.push(capture);
    source += `${literal(pattern, end, parameter.index)}(${capture.converter.regex})`;
    end = parameter.index + parameter[0].length;
  }
  return { source: source + literal(pattern, end, pattern.length), captures };
}

function toCapture(pattern: string, kind: string, name: string): Capture {
  const converter = pathConverters.get(kind);
  if (converter !== undefined) return { name, converter };
  throw refuse(pattern, `one of the converters ${[...pathConverters.keys()].join(", ")}, got "${kind}"`);
}

function literal(pattern: string, start: number, end: number): string {
  const text = pattern.slice(start, end);
  if (/[<>]/.test(text)) throw refuse(pattern, `parameters written <name> or <converter:name>, got "${text}"`);
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function refuse(pattern: string, expected: string): ImproperlyConfigured {
  return new ImproperlyConfigured(`path("${pattern}", ...): expected ${expected}.`);
}

function matchCaptures(regex: RegExp, captures: readonly Capture[], text: string): PatternMatch | null {
  const match = regex.exec(text);
  if (match === null) return null;
  const params: Record<string, string | number> = {};
  for (const [index, { name, converter }] of captures.entries()) {
    const value = converter.convert(match[index + 1] ?? "");
    if (value === null) return null;
    params[name] = value;
  }
  return { params, rest: text.slice(match[0].length) };
}
