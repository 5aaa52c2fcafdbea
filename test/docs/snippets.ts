import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** A block of TypeScript in a page. */
export interface Snippet {
  /** Relative to the root: `docs/models.md`. */
  readonly page: string;
  /** The line of the page on which its code begins. */
  readonly line: number;
  /** The name in the comment that it begins with (`// models.ts`), or null. */
  readonly file: string | null;
  readonly language: "ts" | "tsx";
  /** Its code, without that comment. */
  readonly code: string;
}

/** Every page whose TypeScript must be right. */
export function pages(): readonly string[] {
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => `docs/${name}`)];
}

const BLOCK = /^```(tsx?)\n(.*?)^```$/gms;
const NAME = /^\/\/ ([\w.-]+\.tsx?)\n/;

export function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(BLOCK)].map(({ 1: language, 2: code = "", index }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    file: NAME.exec(code)?.[1] ?? null,
    language: language === "tsx" ? "tsx" : "ts",
    code: code.replace(NAME, ""),
  }));
}
