import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkTypes } from "./docs/check-types.ts";
import { pages, root, type Snippet, snippetsOf } from "./docs/snippets.ts";

const snippets = pages().flatMap((page) => snippetsOf(page));

/** The modules of each page lie in a folder of their own; a page without models has those of the page on models, and its serializer. */
function modulesOf(chosen: readonly Snippet[]): Map<string, string> {
  const modules = new Map<string, string>();
  for (const page of new Set(chosen.map((snippet) => snippet.page))) {
    const own = chosen.filter((snippet) => snippet.page === page);
    const shared = own.some(({ file }) => file === "models.ts") ? [] : sharedSnippets();
    for (const { file, line, language, code } of [...shared, ...own]) {
      modules.set(`${page.replace(/\.md$/, "")}/${file ?? `line-${line}.${language}`}`, code);
    }
  }
  return modules;
}

function sharedSnippets(): readonly Snippet[] {
  return snippets.filter(({ page, file }) => ["docs/models.md", "docs/serializers.md"].includes(page) && file !== null);
}

describe("the documentation", () => {
  const widensTypes = ({ code }: Snippet) => code.includes("declare module");
  const wideningPages = new Set(snippets.filter(widensTypes).map(({ page }) => page));
  /** With the modules that such a snippet may import. */
  const isCheckedWide = (snippet: Snippet) => widensTypes(snippet) || (snippet.file !== null && wideningPages.has(snippet.page));

  test("all TypeScript in it is complete and compiles", { timeout: 120_000 }, async () => {
    expect(snippets.length).toBeGreaterThan(20);
    expect(await checkTypes(modulesOf(snippets.filter((snippet) => !widensTypes(snippet))))).toEqual([]);
    expect(await checkTypes(modulesOf(snippets.filter(isCheckedWide)))).toEqual([]);
  });

  test("the tutorial's modules are those of the quickstart", () => {
    const modules = new Map(snippetsOf("docs/tutorial.md").map(({ file, code }) => [file, code.trim()]));
    const quickstart = (file: string) => readFileSync(join(root, "examples/quickstart", file), "utf8").trim();
    for (const file of ["password.ts", "serializers.ts", "consumers.ts", "routing.ts", "seed.ts"]) {
      expect(modules.get(file), file).toBe(quickstart(file));
    }
    const [table = ""] = /export const users = .*?^\}\);/ms.exec(quickstart("models.ts")) ?? [];
    expect(table).not.toBe("");
    expect(modules.get("tables.ts")).toContain(table);
  });

  test.each(pages())("%s: what it links to exists", (page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll(/^```.*?^```$/gms, "");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^https?:/.test(target));
    expect(targets.filter((target) => !linkExists(page, target))).toEqual([]);
  });
});

function linkExists(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || headingsOf(readFileSync(file, "utf8")).includes(anchor);
}

/** The anchors that GitHub gives to headings. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
