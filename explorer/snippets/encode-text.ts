/** A text as a part of a URL. Halves of surrogate pairs, which no URL holds, are replaced. */
export function encodeText(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\uFFFD"));
}
