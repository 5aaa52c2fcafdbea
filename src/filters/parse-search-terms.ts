import { ValidationError } from "../protocol/exceptions.ts";

/** Longest search text, in characters. */
export const MAX_SEARCH_LENGTH = 256;
/** Most terms in one search: each is a condition on each search field. */
export const MAX_SEARCH_TERMS = 16;

/** A run without white space, in which a quoted part may hold white space. */
const WORD = /(?:[^\s'"]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|['"])+/gsu;

/**
 * Splits a search text as DRF does: at white space and commas; what is quoted, with `"` or `'`, stays one term.
 *
 * Example: `django "web sockets",fast` is `django`, `web sockets`, `fast`.
 *
 * @throws ValidationError `{search: [...]}` when it is no string, too long, has too many terms or a null character.
 */
export function parseSearchTerms(search: unknown): readonly string[] {
  if (search === undefined || search === null) return [];
  if (typeof search !== "string") return refuse("Not a valid string.");
  if (search.length > MAX_SEARCH_LENGTH) return refuse(`Ensure this field has no more than ${MAX_SEARCH_LENGTH} characters.`);
  if (search.includes("\0")) return refuse("Null characters are not allowed.");
  if (/\p{Surrogate}/u.test(search)) return refuse("Lone surrogates are not allowed.");
  const terms = (search.match(WORD) ?? []).flatMap(termsOfWord);
  if (terms.length > MAX_SEARCH_TERMS) return refuse(`Ensure this field has no more than ${MAX_SEARCH_TERMS} terms.`);
  return terms;
}

function termsOfWord(word: string): string[] {
  const trimmed = word.replace(/^,+/, "").replace(/,+$/, "");
  const quoted = /^(["'])(.*)\1$/su.exec(trimmed);
  const terms = quoted ? [unescape(quoted[2] ?? "")] : trimmed.split(",").map((term) => term.trim());
  return terms.filter((term) => term !== "");
}

function unescape(text: string): string {
  return text.replace(/\\(["'\\])/g, "$1");
}

function refuse(message: string): never {
  throw new ValidationError({ search: [message] });
}
