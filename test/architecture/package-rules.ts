const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
const LIST = /^export (?:type )?\{([^}]*)\}/gm;
const PACKAGE = /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["']((?:@[^/"']+\/)?[^./"'][^/"']*)[^"']*["']/gm;

/** The names that an entry exports, sorted; an entry holds nothing but lists of names. */
export function exportedByList(text: string): string[] {
  if (/^export \*/m.test(text)) throw new TypeError("Expected an entry to export by name, got `export *`.");
  const lists = [...text.replace(COMMENT, "").matchAll(LIST)].map(([, names = ""]) => names);
  return lists
    .flatMap((names) => names.split(","))
    .map(
      (entry) =>
        entry
          .replace(/^\s*type\s/, "")
          .split(/\sas\s/)
          .at(-1)
          ?.trim() ?? "",
    )
    .filter((name) => name !== "")
    .toSorted();
}

/** The packages that a file imports, types included, without the path inside of them. */
export function packagesImported(text: string): string[] {
  return [...text.matchAll(PACKAGE)].map(([, name = ""]) => name);
}
