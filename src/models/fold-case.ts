const NON_ASCII = /[^\0-\x7f]/;

/**
 * The form in which the case-insensitive lookups compare texts: Unicode's full upper case mapping, then lower case, with the final sigma
 * as an ordinary one. `"Straße"` equals `"STRASSE"`, `"ΣΊΣΥΦΟΣ"` equals `"σίσυφος"`; no locale is involved.
 */
export function foldCase(text: string): string {
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
