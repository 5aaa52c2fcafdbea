import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

/** Text of each file by its path below `src/`, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** Path below `src/`. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

export function readSources(folder: URL): Sources {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const paths = entries.map((path) => path.replaceAll("\\", "/")).filter((path) => /\.tsx?$/.test(path));
  return new Map(paths.toSorted().map((path) => [path, readFileSync(new URL(path, folder), "utf8")]));
}

// Statements start in the first column, as the formatter puts them; so the examples inside of doc comments are not taken for imports.
const STATEMENT = /^(import|export)(\s+type)?\b([^;'"]*?\bfrom)?\s*["']([^"']+)["']/gm;
const EXPRESSION = /^(?!\s*(?:\*|\/\/)).*?\bimport\(\s*["']([^"']+)["']/gm;

/** The relative imports and re-exports of a file, in order. */
export function importsOf(from: string, text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, , type, , specifier = ""]) => ({
    specifier,
    isTypeOnly: type !== undefined,
  }));
  const expressions = [...text.matchAll(EXPRESSION)].map(([, specifier = ""]) => ({ specifier, isTypeOnly: false }));
  return [...statements, ...expressions]
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, isTypeOnly }) => ({ from, to: join(dirname(from), specifier), isTypeOnly }));
}

export function allImports(sources: Sources): Import[] {
  return [...sources].flatMap(([path, text]) => importsOf(path, text));
}
