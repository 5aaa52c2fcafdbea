/** Is it the last page of a streamed list (PROTOCOL.md 5.4, 5.7, 5.8, 6.2)? What is no page is all there is. */
export function isLastPage(page: unknown): boolean {
  const { count, limit, offset, page: number, num_pages: pages, next } = Object(page);
  if (typeof offset === "number") return offset >= Number(count) - Number(limit);
  if (typeof number === "number") return number >= Number(pages);
  return typeof next !== "string";
}
