/** A name in words: `firstName` and `first_name` give "first name". */
export function columnLabel(name: string): string {
  return name
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** The words with a capital first letter, as forms show them. */
export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
