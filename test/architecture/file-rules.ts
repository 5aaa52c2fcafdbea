import { basename } from "node:path/posix";
import type { Sources } from "./sources.ts";

const DRAWERS = new Set(["utils", "util", "common", "helpers", "helper", "types", "misc", "core", "shared"]);

/** Files and folders that are named after no concept. */
export function drawers(paths: Iterable<string>): string[] {
  return [...paths].filter((path) => path.split("/").some((part) => DRAWERS.has(part.replace(/\.tsx?$/, ""))));
}

/** Places that throw or make a plain `Error`, which carries no code and no status. */
export function bareErrors(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) =>
    text
      .split("\n")
      .map((line, index) => ({ line: line.trim(), place: `${path}:${index + 1}` }))
      .filter(({ line }) => !/^(?:\*|\/\/)/.test(line) && /\b(?:new|throw) Error\(/.test(line))
      .map(({ place }) => place),
  );
}

/** Files over the limit of lines. */
export function longFiles(sources: Sources, limit: number): string[] {
  return [...sources].filter(([, text]) => text.trimEnd().split("\n").length > limit).map(([path]) => path);
}

/** A file whose name is not found in those of its exports, with the reason. */
export type NamingReasons = Readonly<Record<string, string>>;

/**
 * Files of rooms that a reader would not find by the name of an export. The only export of a file holds the file's words, in the singular or
 * plural: `close-codes.ts` may export `CloseCode`, and `json.ts` `parseJson`. Where a file has several exports, one word of its
 * name in one of them is enough: `date-values.ts` may export `parseDate` and `formatDate`. Exceptions that are none any more are reported too.
 */
export function misnamedFiles(sources: Sources, exceptions: NamingReasons = {}): string[] {
  const misnamed = [...sources]
    .filter(([path, text]) => path.includes("/") && !isNamedAfterAnExport(path, text))
    .map(([path]) => path);
  const stale = Object.keys(exceptions).filter((path) => !misnamed.includes(path));
  return [
    ...misnamed.filter((path) => !Object.hasOwn(exceptions, path)).map((path) => `${path} exports nothing of that name`),
    ...stale.map((path) => `${path} is an exception, but needs none: take it from the list`),
  ];
}

function isNamedAfterAnExport(path: string, text: string): boolean {
  const name = basename(path).replace(/\.tsx?$/, "");
  const exported = exportedNames(text).map(toKebabCase);
  const sought = exported.length > 1 ? [name, ...name.split("-")] : [name];
  return exported.some((words) => sought.some((part) => hasWords(words, part)));
}

/** Do the words of `name`, in the singular or plural, stand side by side in `exported`? `queryset` is also found in `query-set`. */
function hasWords(exported: string, name: string): boolean {
  if (exported.replaceAll("-", "") === name.replaceAll("-", "")) return true;
  return `-${singular(exported)}-`.includes(`-${singular(name)}-`);
}

function singular(name: string): string {
  return name
    .split("-")
    .map((word) => word.replace(/ies$/, "y").replace(/s$/, ""))
    .join("-");
}

const DECLARATION = /^export (?:declare )?(?:abstract )?(?:async )?(?:class|function\*?|const|interface|type) (\w+)/gm;
const LIST = /^export (?:type )?\{([^}]*)\}/gm;

function exportedNames(text: string): string[] {
  const declared = [...text.matchAll(DECLARATION)].map(([, name = ""]) => name);
  const listed = [...text.matchAll(LIST)].flatMap(([, names = ""]) => names.split(",").map(publicName));
  return [...declared, ...listed];
}

function publicName(entry: string): string {
  return (
    entry
      .trim()
      .replace(/^type /, "")
      .split(" as ")
      .at(-1) ?? ""
  );
}

export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
